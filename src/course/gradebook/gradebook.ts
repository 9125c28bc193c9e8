import fs from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../exercises/manifest';
import { writeHtmlReport } from '../report/html-report';
import type { ClassResult, SubmissionResult } from './class-result';
import type { Submission } from './intake/find-submissions';
import { fileNameOf, GRADEBOOK_FOLDER } from './store';

export const GRADEBOOK_JSON = path.join(GRADEBOOK_FOLDER, 'gradebook.json');

export const pageOf = (name: string): string => path.join(GRADEBOOK_FOLDER, `${fileNameOf(name)}.html`);

/** One learner's page: what the tests say, the charts, and the code beside them. */
export function writePage(
  one: SubmissionResult,
  { course, gradedAt, kafka }: ClassResult,
  submission: Submission,
): void {
  const { name, score, maxScore, notJudged, exercises } = one;
  const result = { version: 1 as const, course, gradedAt, kafka, score, maxScore, notJudged, exercises };
  const code = Object.fromEntries(
    exercises.map(({ slug }) => [
      slug,
      [...submission.answers]
        .filter(([file]) => file.startsWith(`${slug}/`))
        .map(([file, text]) => ({ file, text })),
    ]),
  );
  const remarks = [
    ...one.notes,
    ...(one.comment === '' ? [] : [`Comment: ${one.comment}`]),
    ...exercises.flatMap(({ slug, comment }) => (comment === undefined ? [] : [`${slug}: ${comment}`])),
  ];
  writeHtmlReport(path.join(PROJECT_ROOT, one.page), `Submission: ${name}`, [
    { id: 'submission', heading: name, result, code, remarks },
  ]);
}

export function writeClassResult(result: ClassResult): void {
  fs.mkdirSync(path.join(PROJECT_ROOT, GRADEBOOK_FOLDER), { recursive: true });
  fs.writeFileSync(path.join(PROJECT_ROOT, GRADEBOOK_JSON), `${JSON.stringify(result, null, 2)}\n`);
}

import fs from 'node:fs';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { UsageError } from '../../support/course-error';
import { PROJECT_ROOT } from '../exercises/manifest';
import type { ClassResult, SubmissionResult } from '../gradebook/class-result';
import { parseCsv } from '../gradebook/overrides';
import type { ZipContent } from './write-zip';

const IDENTIFIER = 'Identifier';
const GRADE = 'Grade';
const MAXIMUM = 'Maximum Grade';
const FEEDBACK = 'Feedback comments';

export interface FilledSheet {
  readonly csv: string;
  readonly filled: number;
  /** Submissions with a grade for which the sheet has no row. */
  readonly strangers: readonly string[];
}

/**
 * Fills Moodle's offline grading worksheet ("Download grading worksheet"), to be uploaded again. Participants are found by
 * their number, else by their full name. What was not judged stays empty; so does whoever handed in nothing.
 */
export function moodleWorksheet(file: string, { submissions }: ClassResult): FilledSheet {
  const rows = parseCsv(file);
  const [first = {}] = rows;
  const columns = Object.keys(first);
  const named = (wanted: string): string => {
    const found = columns.find((column) => column.toLowerCase() === wanted.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(`"${file}" has no column "${wanted}": take Moodle's "Download grading worksheet".`);
  };
  const [identifier, grade, maximum, feedback] = [
    named(IDENTIFIER),
    named(GRADE),
    named(MAXIMUM),
    named(FEEDBACK),
  ];
  const name = columns.find((column) => /full name/i.test(column)) ?? identifier;
  const used = new Set<SubmissionResult>();
  for (const row of rows) {
    const number = /\d+/.exec(row[identifier] ?? '')?.[0];
    const one =
      submissions.find(({ lmsId }) => lmsId !== '' && lmsId === number) ??
      submissions.find((candidate) => candidate.lmsId === '' && candidate.name === row[name]);
    if (one === undefined) continue;
    used.add(one);
    if (one.notJudged > 0) continue;
    const most = Number((row[maximum] ?? '').replace(',', '.'));
    row[grade] = ((one.percent / 100) * (most > 0 ? most : 100)).toFixed(2);
    row[feedback] = feedbackLine(one);
  }
  const filled = [...used].filter(({ notJudged }) => notJudged === 0).length;
  const strangers = submissions.filter((one) => !used.has(one)).map((one) => one.name);
  return { csv: stringify(rows, { header: true, columns, escape_formulas: true }), filled, strangers };
}

/** What fits into a cell: points for each exercise, and the instructor's words. */
export function feedbackLine({ score, maxScore, exercises, comment }: SubmissionResult): string {
  const each = exercises.map((one) => `${one.slug} ${one.score}/${one.maxScore}`);
  const comments = exercises.flatMap((one) =>
    one.comment === undefined ? [] : [`${one.slug}: ${one.comment}`],
  );
  return [`${score} of ${maxScore} points`, each.join(', '), comment, ...comments].filter(Boolean).join('. ');
}

/** The pages as Moodle takes them ("Upload multiple feedback files in a zip"): in folders named like those of its download. */
export function moodleFeedback({ submissions }: ClassResult): ZipContent[] {
  return submissions
    .filter(({ lmsId, notJudged }) => lmsId !== '' && notJudged === 0)
    .map(({ name, lmsId, page }) => ({
      name: `${withoutNumber(name, lmsId)}_${lmsId}_assignsubmission_file_/feedback.html`,
      bytes: fs.readFileSync(path.join(PROJECT_ROOT, page)),
    }));
}

/** Two of one name carry their number in the gradebook, and not in Moodle. */
function withoutNumber(name: string, lmsId: string): string {
  return name.endsWith(` ${lmsId}`) ? name.slice(0, -lmsId.length - 1) : name;
}

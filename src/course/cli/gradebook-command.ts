import fs from 'node:fs';
import path from 'node:path';
import { SingleBar } from 'cli-progress';
import { useKafka } from '../../broker/index';
import { gradebookCsv, gradeSubmission } from '../gradebook/gradebook';
import type { GradedSubmission } from '../gradebook/gradebook';
import { findSubmissions } from '../gradebook/submissions';
import { PROJECT_ROOT, selectExercises } from '../exercises/manifest';
import { checkWritable } from './check-writable';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { progress } from './progress';

const FORMAT = '{bar} {value} of {total} submissions | {name}';

/** `npm run gradebook`: one row and one page per subfolder. Stopped in the middle, it goes on where it was. */
export async function gradebookCommand(
  folder: string,
  words: readonly string[],
  flags: { csv?: string },
): Promise<ExitCode> {
  const exercises = selectExercises(words);
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const submissions = findSubmissions(path.resolve(from, folder), exercises);
  const csv = flags.csv === undefined ? undefined : checkWritable(flags.csv, '--csv');
  const kafka = await progress('Looking for a broker', (say) => useKafka({ onProgress: say }));
  const bar = new SingleBar({
    format: FORMAT,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    clearOnComplete: true,
  });
  const graded: GradedSubmission[] = [];
  try {
    bar.start(submissions.length, 0, { name: '' });
    for (const submission of submissions) {
      bar.update(graded.length, { name: submission.name });
      graded.push(await gradeSubmission(submission, exercises, kafka));
    }
    bar.update(graded.length, { name: 'done' });
  } finally {
    bar.stop();
    await kafka.stop();
  }
  if (csv !== undefined) fs.writeFileSync(csv, gradebookCsv(graded, exercises));
  for (const { submission, result, page, remembered } of graded) {
    const note = remembered ? ' (unchanged since it was last graded)' : '';
    console.log(
      `${submission.name}: ${result.score} of ${result.maxScore}${note}  ${path.join(PROJECT_ROOT, page)}`,
    );
  }
  return EXIT.ok;
}

import fs from 'node:fs';
import path from 'node:path';
import { useKafka } from '../../broker/index';
import type { CourseKafka } from '../../broker/index';
import { UsageError } from '../../support/course-error';
import type { ExerciseDefinition } from '../exercise-definition';
import { gradingResult } from '../grading/grading';
import { runJest } from '../grading/jest-run';
import { isWrong } from '../grading/result';
import type { GradingResult } from '../grading/result';
import { PROJECT_ROOT, selectExercises } from '../manifest';
import { chartDrawer } from '../report/draw-charts';
import { writeHtmlReport } from '../report/html-report';
import { details, scoreboard } from '../report/scoreboard';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { progress } from './progress';
import { rememberProgress } from './learner-progress';

export const REPORT = path.join('reports', 'index.html');

export interface GradeFlags {
  readonly answers: string;
  readonly json?: string;
  readonly strict?: boolean;
}

/** `npm run grade`: grades one folder of answers against the broker, draws the evidence and says what is wrong. */
export async function gradeCommand(words: readonly string[], flags: GradeFlags): Promise<ExitCode> {
  const exercises = selectExercises(words);
  const folder = answersFolder(flags.answers);
  if (flags.json !== undefined) checkWritable(flags.json);
  const kafka = await progress('Looking for a broker', (say) => useKafka({ onProgress: say }));
  try {
    const result = await gradeFolder(folder, exercises, kafka);
    if (flags.json !== undefined) fs.writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`);
    printGrading(result, flags.answers);
    return result.exercises.some((one) => isWrong(one, flags.strict === true)) ? EXIT.wrong : EXIT.ok;
  } finally {
    await kafka.stop();
  }
}

async function gradeFolder(
  folder: string,
  exercises: readonly ExerciseDefinition[],
  kafka: CourseKafka,
): Promise<GradingResult> {
  const name = path.basename(folder);
  const slugs = exercises.map(({ slug }) => slug);
  const run = await runJest({ answerSets: [{ name, folder, slugs }], withCourseTests: false, kafka });
  const result = await gradingResult(run, name, exercises, kafka, chartDrawer('charts'));
  fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
  const sections = [{ id: 'answers', heading: `Answers in ${name}`, result }];
  writeHtmlReport(path.join(PROJECT_ROOT, REPORT), 'Kafka Producer Internals: graded exercises', sections);
  if (folder === path.join(PROJECT_ROOT, 'exercises')) rememberProgress(result);
  return result;
}

function printGrading(result: GradingResult, answers: string): void {
  console.log();
  console.log(details(result, { taught: answers === 'exercises' }));
  console.log(scoreboard(result, `${result.score} of ${result.maxScore} points`));
  console.log(`Charts and details: ${path.join(PROJECT_ROOT, REPORT)}`);
}

/** A folder of answers is there and has at least one exercise in it. */
export function answersFolder(name: string): string {
  const folder = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
  const candidates = [folder, path.join(PROJECT_ROOT, name)];
  const found = candidates.find(
    (candidate) => fs.existsSync(candidate) && fs.statSync(candidate).isDirectory(),
  );
  if (found === undefined) {
    throw new UsageError(`There is no folder "${name}": --answers takes a folder laid out like exercises/.`);
  }
  return found;
}

/** Better to know before the grading than after it. */
function checkWritable(file: string): void {
  try {
    fs.accessSync(path.dirname(path.resolve(file)), fs.constants.W_OK);
    if (fs.existsSync(file)) {
      if (!fs.statSync(file).isFile()) throw new Error('it is not a file');
      fs.accessSync(file, fs.constants.W_OK);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`"${file}" cannot be written (${why}): --json takes the name of a file.`);
  }
}

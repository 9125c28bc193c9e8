import fs from 'node:fs';
import path from 'node:path';
import { watch } from 'chokidar';
import { useKafka } from '../../broker/index';
import type { CourseKafka } from '../../broker/index';
import { UsageError } from '../../support/course-error';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { gradingResult } from '../grading/grading';
import { runJest } from '../grading/jest-run';
import { isWrong } from '../grading/result';
import type { GradingResult } from '../grading/result';
import { typeProblems } from '../grading/type-check';
import { findExercise, PROJECT_ROOT, selectExercises } from '../exercises/manifest';
import { chartDrawer } from '../report/draw-charts';
import { writeHtmlReport } from '../report/html-report';
import { details, scoreboard } from '../report/scoreboard';
import { isUntouched } from '../exercises/stub-files';
import { checkWritable } from './check-writable';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { progress } from './progress';
import { rememberProgress } from './learner-progress';

export const REPORT = path.join('reports', 'index.html');

export interface GradeFlags {
  readonly answers: string;
  readonly json?: string;
  readonly strict?: boolean;
  readonly watch?: boolean;
}

/** What one grading needs besides the exercises. */
interface Grading {
  readonly folder: string;
  readonly kafka: CourseKafka;
  readonly flags: GradeFlags;
}

/** `npm run grade`: grades one folder of answers against the broker, draws the evidence and says what is wrong. */
export async function gradeCommand(words: readonly string[], flags: GradeFlags): Promise<ExitCode> {
  const exercises = selectExercises(words);
  const folder = answersFolder(flags.answers);
  const json = flags.json === undefined ? undefined : checkWritable(flags.json, '--json');
  const kafka = await progress('Looking for a broker', (say) => useKafka({ onProgress: say }));
  const grading = { folder, kafka, flags: { ...flags, json } };
  try {
    const result = await gradeAndPrint(exercises, grading);
    if (flags.watch === true) await gradeOnSave(exercises, grading);
    return result.exercises.some((one) => isWrong(one, flags.strict === true)) ? EXIT.wrong : EXIT.ok;
  } finally {
    await kafka.stop();
  }
}

async function gradeAndPrint(
  exercises: readonly ExerciseDefinition[],
  grading: Grading,
): Promise<GradingResult> {
  const { folder, kafka, flags } = grading;
  const name = path.basename(folder);
  const slugs = exercises.map(({ slug }) => slug);
  const run = await runJest({ answerSets: [{ name, folder, slugs }], kafka });
  const result = await gradingResult(run, name, exercises, kafka, chartDrawer('charts'));
  fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
  if (flags.json !== undefined) fs.writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`);
  if (folder === path.join(PROJECT_ROOT, 'exercises')) rememberProgress(result);
  const sections = [{ id: 'answers', heading: `Answers in ${name}`, result }];
  writeHtmlReport(path.join(PROJECT_ROOT, REPORT), 'Kafka Producer Internals: graded exercises', sections);
  print(result, grading);
  return result;
}

function print(result: GradingResult, { folder, flags }: Grading): void {
  console.log();
  const told = details(result, { taught: flags.answers === 'exercises' });
  if (told !== '') console.log(told);
  const attempted = result.exercises.filter(({ status }) => status !== 'pass' && status !== 'todo');
  const problems = typeProblems(attempted.flatMap(({ slug }) => answerFiles(folder, slug)));
  if (problems.length > 0) console.log('What your editor would underline (in itself it costs no points):');
  for (const { file, line, column, message } of problems) {
    console.log(`  ${path.relative(process.cwd(), file)}:${line}:${column} ${message}`);
  }
  if (problems.length > 0) console.log();
  console.log(scoreboard(result, `${result.score} of ${result.maxScore} points`));
  tellWhatToStart(result, folder);
  console.log(`Charts and details: ${path.join(PROJECT_ROOT, REPORT)}`);
}

/** When nothing that was to be graded is started, a learner wants to know where to begin, or what is still left out. */
function tellWhatToStart({ exercises }: GradingResult, folder: string): void {
  const [first] = exercises;
  if (first === undefined || exercises.some(({ status }) => status !== 'todo')) return;
  const exercise = findExercise(first.slug);
  const [file = ''] = exercise.files;
  const isBegun = folder === path.join(PROJECT_ROOT, 'exercises') && !isUntouched(exercise);
  console.log(
    isBegun
      ? `exercises/${exercise.slug}/${file} is begun, but one part of it is still as it was: fill in the rest and grade it again.`
      : `To begin: read exercises/${exercise.slug}/README.md and fill in ${file} beside it.`,
  );
}

function answerFiles(folder: string, slug: string): string[] {
  const files = findExercise(slug).files.map((file) => path.join(folder, slug, file));
  return files.filter((file) => fs.existsSync(file));
}

/** Grades an exercise again whenever one of its files is saved, until Ctrl-C. */
async function gradeOnSave(exercises: readonly ExerciseDefinition[], grading: Grading): Promise<void> {
  const changed = new Set<ExerciseDefinition>();
  let busy = false;
  const gradeChanged = async (): Promise<void> => {
    if (busy) return; // what is saved meanwhile waits in `changed`
    busy = true;
    while (changed.size > 0) {
      const next = [...changed];
      changed.clear();
      await gradeAndPrint(next, grading);
    }
    busy = false;
    console.log('Waiting for a save; Ctrl-C ends.');
  };
  const watcher = watch(
    exercises.map(({ slug }) => path.join(grading.folder, slug)),
    { ignoreInitial: true },
  );
  watcher.on('all', (_event, file) => {
    const exercise = exercises.find(({ slug, files }) =>
      files.some((name) => file.endsWith(path.join(slug, name))),
    );
    if (exercise === undefined) return;
    changed.add(exercise);
    void gradeChanged();
  });
  console.log('Waiting for a save; Ctrl-C ends.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  await watcher.close();
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

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readTextFile } from '../../support/read-text';
import { settingsDocument } from '../../producer/interop/settings-document';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import type { ExerciseStatus } from '../grading/result';
import { EXERCISES, findExercise, PROJECT_ROOT } from '../exercises/manifest';
import { terminalTable } from '../report/terminal-table';
import { stubFromSolution } from '../exercises/stub';
import { readSolution, stubOf } from '../exercises/stub-files';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { nextExercise, nextHint, readProgress } from './learner-progress';

const WORDS: Record<ExerciseStatus, string> = {
  pass: '✓ passed',
  fail: '✗ not right yet',
  error: '✗ not right yet',
  timeout: '✗ not right yet',
  todo: '· not started',
  'not-judged': '? could not be judged: grade it again',
};

/** `course list`: every exercise with the result of its last grading, and which one to take next. */
export async function listCommand(): Promise<ExitCode> {
  const { status } = readProgress();
  const rows = EXERCISES.map(({ slug, title }) => [slug, title, WORDS[status[slug] ?? 'todo']]);
  console.log(terminalTable([{ head: 'exercise' }, { head: '' }, { head: 'last result' }], rows));
  const next = nextExercise(status);
  if (next === undefined) console.log('All done.');
  else {
    console.log(`Next: exercises/${next.slug}/README.md, prepared by notebook ${next.notebook}.`);
    console.log(`Grade it with: npm run grade -- ${next.slug}`);
  }
  return Promise.resolve(EXIT.ok);
}

/** `course hint`: one more each time it is called. */
export function hintCommand(word: string): ExitCode {
  const { slug, notebook, hints } = findExercise(word);
  const index = nextHint(slug, hints.length);
  console.log(`${slug}, hint ${index + 1} of ${hints.length}:\n${hints[index]}`);
  if (index + 1 < hints.length) console.log('Not enough? The same command has another.');
  else console.log(`That was the last one. Notebook ${notebook} explains the rest.`);
  return EXIT.ok;
}

/** `course reset`: the stub again. The attempt is never lost: it stays beside it under a name of its own. */
export function resetCommand(word: string): ExitCode {
  const exercise = findExercise(word);
  for (const name of exercise.files) {
    const stub = stubOf(exercise, name);
    const file = path.join(PROJECT_ROOT, 'exercises', exercise.slug, name);
    if (fs.existsSync(file) && readTextFile(file) !== stub) {
      keepAttempt(file);
    }
    fs.writeFileSync(file, stub);
  }
  console.log(`exercises/${exercise.slug} is back at its stub.`);
  return EXIT.ok;
}

function keepAttempt(file: string): void {
  const kept = keptName(file);
  fs.renameSync(file, kept);
  console.log(`Your attempt is kept as ${path.relative(PROJECT_ROOT, kept)}`);
}

/** Whether git has the file just as it is, so that nothing is lost by writing over it. */
function isAsCommitted(file: string): boolean {
  const { status, stdout } = spawnSync('git', ['status', '--porcelain', '--', file], { cwd: PROJECT_ROOT });
  return status === 0 && stdout.length === 0;
}

/** Not ending in .ts, so that neither the compiler nor a grader takes an old attempt for the answer. */
function keptName(file: string): string {
  for (let number = 1; ; number++) {
    const name = `${file}.attempt-${number}`;
    if (!fs.existsSync(name)) return name;
  }
}

/** `course stubs`, for maintainers: what is made from something else, as it is now: the stubs, and the table of settings. */
export function stubsCommand(): ExitCode {
  for (const { exercise, name, file, stub } of stubs()) {
    if (fs.existsSync(file) && readTextFile(file) === stub) continue;
    if (fs.existsSync(file) && !isAsCommitted(file)) keepAttempt(file);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, stub);
    console.log(`wrote exercises/${exercise.slug}/${name}`);
  }
  fs.writeFileSync(path.join(PROJECT_ROOT, 'docs', 'settings.md'), settingsDocument());
  return EXIT.ok;
}

/** Every stub that the solutions make, and where it belongs. */
export function* stubs(): Generator<{
  exercise: ExerciseDefinition;
  name: string;
  file: string;
  stub: string;
}> {
  for (const exercise of EXERCISES) {
    for (const name of exercise.files) {
      const file = path.join(PROJECT_ROOT, 'exercises', exercise.slug, name);
      yield {
        exercise,
        name,
        file,
        stub: stubFromSolution(readSolution(exercise, name), `${exercise.slug}/${name}`),
      };
    }
  }
}

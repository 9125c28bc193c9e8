import fs from 'node:fs';
import path from 'node:path';
import { readTextFile } from '../../support/read-text';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import { judgeAnswers } from './judge-answers';
import type { ExerciseResult } from './result';
import { NOT_ASKED, rejects } from './verdict';

/** An answer that is known to be wrong, with the test that has to catch it; or known to be right (`caughtBy` undefined). */
interface KnownAnswer {
  readonly name: string;
  readonly exercise: ExerciseDefinition;
  readonly text: string;
  readonly caughtBy: string | undefined;
}

const CAUGHT_BY = /^\/\/ caught by: (.+)$/m;

/**
 * Proves the graders: every file in `test/wrong-answers/<slug>/` is rejected, by the test that its first line names, and
 * every file in `test/right-answers/<slug>/` and every solution gets full marks.
 */
export async function checkWrongAnswers(): Promise<readonly string[]> {
  const known = EXERCISES.flatMap(knownAnswers);
  const results = await judgeAnswers(known.map((answer) => ({ ...answer, askFirst: answer.caughtBy })));
  return known.flatMap((answer, index) => complaintAbout(answer, results[index]!) ?? []);
}

function complaintAbout({ name, caughtBy }: KnownAnswer, result: ExerciseResult): string | undefined {
  const failed = result.tests.filter((one) => one.status !== 'pass' && !one.message.startsWith(NOT_ASKED));
  if (caughtBy === undefined) {
    if (result.status === 'pass') return undefined;
    return `${name} is right and was not accepted: ${failed.map((test) => `${test.name}: ${test.message}`).join('\n')}`;
  }
  const test = result.tests.find((one) => one.name === caughtBy);
  if (test === undefined)
    return `${name} should be caught by "${caughtBy}", and there is no test of that name`;
  if (rejects(test)) return undefined;
  // A broker that went away in the middle rejects every answer, and proves nothing about the grader.
  if (test.status !== 'pass') return `${name}: ${test.message}`;
  const others = failed.filter(rejects);
  const instead = others.length === 0 ? 'no test' : others.map((one) => `"${one.name}"`).join(', ');
  return `${name} should be caught by "${caughtBy}", which passed; it was caught by ${instead}`;
}

function knownAnswers(exercise: ExerciseDefinition): KnownAnswer[] {
  const wrong = filesIn('wrong-answers', exercise).map((file) => {
    const text = readTextFile(file);
    const caughtBy = CAUGHT_BY.exec(text)?.[1] ?? '(no "// caught by:" line)';
    return { name: nameOf('wrong', exercise, file), exercise, text, caughtBy };
  });
  const solution = path.join(PROJECT_ROOT, 'solutions', exercise.slug, exercise.files[0]!);
  const right = [...filesIn('right-answers', exercise), solution].map((file) => {
    const text = readTextFile(file);
    return { name: nameOf('right', exercise, file), exercise, text, caughtBy: undefined };
  });
  return [...wrong, ...right];
}

function nameOf(kind: string, { slug }: ExerciseDefinition, file: string): string {
  return `${kind} ${slug} ${path.basename(file, '.ts')}`;
}

function filesIn(folder: string, { slug }: ExerciseDefinition): string[] {
  const full = path.join(PROJECT_ROOT, 'test', folder, slug);
  if (!fs.existsSync(full)) return [];
  return fs
    .readdirSync(full)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => path.join(full, name));
}

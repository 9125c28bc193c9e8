import fs from 'node:fs';
import path from 'node:path';
import { useKafka } from '../../broker/index';
import type { ExerciseDefinition } from '../exercise-definition';
import { EXERCISES, PROJECT_ROOT } from '../manifest';
import { NOT_JUDGED } from './exercise';
import { gradingResult } from './grading';
import { runJest } from './jest-run';
import type { ExerciseResult } from './result';

/** An answer that is known to be wrong, with the test that has to catch it; or known to be right (`caughtBy` undefined). */
interface KnownAnswer {
  readonly name: string;
  readonly exercise: ExerciseDefinition;
  readonly file: string;
  readonly caughtBy: string | undefined;
}

const CAUGHT_BY = /^\/\/ caught by: (.+)$/m;

/**
 * Proves the graders: every file in `test/wrong-answers/<slug>/` is rejected, by the test that its first line names, and
 * every file in `test/right-answers/<slug>/` and every solution gets full marks. One jest run grades them all.
 */
export async function checkWrongAnswers(): Promise<readonly string[]> {
  const known = EXERCISES.flatMap(knownAnswers);
  const stage = fs.mkdtempSync(path.join(PROJECT_ROOT, '.course', 'known-'));
  const kafka = await useKafka();
  try {
    const answerSets = known.map((answer) => {
      return { name: answer.name, folder: stageAnswer(stage, answer), slugs: [answer.exercise.slug] };
    });
    const run = await runJest({ answerSets, withCourseTests: false, kafka });
    const complaints: string[] = [];
    for (const answer of known) {
      const noChart = () => Promise.resolve({ title: '', file: '', spec: { $schema: '', description: '' } });
      const result = await gradingResult(run, answer.name, [answer.exercise], kafka, noChart);
      const complaint = complaintAbout(answer, result.exercises[0]!);
      if (complaint !== undefined) complaints.push(complaint);
    }
    fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
    return complaints;
  } finally {
    await kafka.stop();
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

function complaintAbout({ name, caughtBy }: KnownAnswer, result: ExerciseResult): string | undefined {
  const failed = result.tests.filter(({ status }) => status !== 'pass');
  if (caughtBy === undefined) {
    if (result.status === 'pass') return undefined;
    return `${name} is right and was not accepted: ${failed.map((test) => `${test.name}: ${test.message}`).join('\n')}`;
  }
  const test = result.tests.find((one) => one.name === caughtBy);
  if (test === undefined)
    return `${name} should be caught by "${caughtBy}", and there is no test of that name`;
  // A broker that went away in the middle rejects every answer, and proves nothing about the grader.
  if (test.message.startsWith(NOT_JUDGED)) return `${name}: ${test.message}`;
  if (test.status !== 'pass') return undefined;
  const instead = failed.length === 0 ? 'no test' : failed.map((one) => `"${one.name}"`).join(', ');
  return `${name} should be caught by "${caughtBy}", which passed; it was caught by ${instead}`;
}

function knownAnswers(exercise: ExerciseDefinition): KnownAnswer[] {
  const wrong = filesIn('wrong-answers', exercise).map((file) => {
    const caughtBy = CAUGHT_BY.exec(fs.readFileSync(file, 'utf8'))?.[1];
    return {
      name: nameOf('wrong', exercise, file),
      exercise,
      file,
      caughtBy: caughtBy ?? '(no "// caught by:" line)',
    };
  });
  const solution = path.join(PROJECT_ROOT, 'solutions', exercise.slug, exercise.files[0]!);
  const right = [...filesIn('right-answers', exercise), solution].map((file) => {
    return { name: nameOf('right', exercise, file), exercise, file, caughtBy: undefined };
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

/** Laid out like `exercises/`, with this one answer in it. */
function stageAnswer(stage: string, { name, exercise, file }: KnownAnswer): string {
  const folder = path.join(stage, name.replaceAll(' ', '_'));
  fs.mkdirSync(path.join(folder, exercise.slug), { recursive: true });
  fs.copyFileSync(file, path.join(folder, exercise.slug, exercise.files[0]!));
  return folder;
}

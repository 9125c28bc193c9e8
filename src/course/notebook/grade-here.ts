import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeKafka, KAFKA_VARIABLE } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { lastLines } from '../../support/run-command';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import type { ExerciseResult, GradingResult, TestStatus } from '../grading/result';
import { findExercise, PROJECT_ROOT } from '../exercises/manifest';
import { isUntouched } from '../exercises/stub-files';
import { chart } from './chart';
import { display, liveDisplay } from './display';
import type { MimeBundle } from './kernel-host';
import { openKafka } from './notebook-kafka';

const TICK_MS = 500;
/** What `npm run grade` ends with when it has graded, whatever it found: 0, 1. Anything else is a command that did not run. */
const GRADED: readonly (number | null)[] = [0, 1];
const MARKS: Readonly<Record<TestStatus, string>> = {
  pass: '✓',
  fail: '✗',
  error: '✗',
  timeout: '✗',
  todo: '·',
  'not-judged': '?',
};

export interface GradeHereOptions {
  /** A folder laid out like `exercises/`, in its place. */
  readonly answers?: string;
}

/**
 * Grades a learner's answer from inside a notebook, as `npm run grade` does in a terminal and on the notebook's broker:
 * the points, what each test says, and the grader's charts. An untouched stub is not counted as a failure.
 */
export async function gradeHere(word: string, { answers }: GradeHereOptions = {}): Promise<void> {
  const exercise = findExercise(word);
  if (answers === undefined && isUntouched(exercise)) return display(notStarted(exercise));
  const { kafka } = await openKafka();
  const show = liveDisplay();
  const startedMs = Date.now();
  const tell = () => {
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    show({ 'text/plain': `Grading ${exercise.slug} … ${seconds} s` });
  };
  tell();
  const timer = setInterval(tell, TICK_MS);
  try {
    const result = await grade(exercise, kafka, answers);
    clearInterval(timer);
    show(gradeBundle(exercise, result));
    for (const { spec } of result.charts) await chart(spec);
  } finally {
    clearInterval(timer);
  }
}

/** In a process of its own, which Jupyter's interrupt reaches as well. */
async function grade(
  { slug }: ExerciseDefinition,
  kafka: KafkaDescription,
  answers: string | undefined,
): Promise<ExerciseResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-grade-'));
  const json = path.join(folder, 'result.json');
  try {
    const args = [path.join(PROJECT_ROOT, 'bin', 'course.cjs'), 'grade', slug, '--json', json];
    if (answers !== undefined) args.push('--answers', answers);
    const { exitCode, stderr } = await runInGroup(args, {
      [KAFKA_VARIABLE]: JSON.stringify(describeKafka(kafka)),
      COURSE_PARENT_PID: String(process.pid),
    });
    if (!GRADED.includes(exitCode) || !fs.existsSync(json)) {
      throw new Error(`${slug} could not be graded: ${lastLines(stderr, 1) || `it ended with ${exitCode}`}`);
    }
    const { exercises } = JSON.parse(fs.readFileSync(json, 'utf8')) as GradingResult;
    const result = exercises.find((one) => one.slug === slug);
    if (result === undefined) throw new Error(`The grader said nothing about ${slug}.`);
    return result;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function runInGroup(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ exitCode: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stderr }));
  });
}

export function notStarted({ slug, files }: ExerciseDefinition): MimeBundle {
  const file = `exercises/${slug}/${files[0] ?? ''}`;
  return {
    'text/markdown': `· **${slug}** is not started yet: fill in [${file}](../${file}), save, and run this cell again.`,
    'text/plain': `· ${slug} is not started yet: fill in ${file}, save, and run this cell again.`,
  };
}

/** The grade as a learner reads it: points first, then each test, and what the wrong ones say. */
export function gradeBundle(exercise: ExerciseDefinition, result: ExerciseResult): MimeBundle {
  const { slug, status, score, maxScore, tests } = result;
  const heading = `${slug}: ${score} of ${maxScore} points`;
  const markdown = tests.map(
    ({ name, status: one, message }) => `- ${MARKS[one]} ${escaped(name)}${block(message)}`,
  );
  const plain = tests.map(({ name, status: one, message }) => {
    const lines = message === '' ? [] : message.split('\n').map((line) => `      ${line}`);
    return [`  ${MARKS[one]} ${name}`, ...lines].join('\n');
  });
  const learnt = status === 'pass' ? [`What you have just learnt: ${exercise.learnt}`] : [];
  const hint = status === 'pass' ? [] : [`A hint: npm run course -- hint ${slug}`];
  return {
    'text/markdown': [
      `**${MARKS[status]} ${heading}**`,
      '',
      ...markdown,
      '',
      ...learnt.map(escaped),
      ...hint.map((text) => text.replace(/npm run .*/, (command) => `\`${command}\``)),
    ].join('\n'),
    'text/plain': [`${MARKS[status]} ${heading}`, ...plain, ...learnt, ...hint].join('\n'),
  };
}

/** A message keeps its lines, and whatever it quotes is shown as it is. */
function block(message: string): string {
  if (message === '') return '';
  const lines = message.split('\n').map((line) => `  ${line}`);
  return ['', '', '  ````text', ...lines, '  ````'].join('\n');
}

/** Names and explanations are sentences in which `*`, `_` and `<` mean themselves. */
function escaped(text: string): string {
  return text.replace(/[\\`*_<>[\]|#]/g, '\\$&');
}

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describeKafka } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { PROJECT_ROOT } from '../exercises/manifest';

/** What a grader knows of the answers that it is to grade (see jest.config.cjs). */
export interface AnswersToGrade {
  readonly name: string;
  /** Laid out like `exercises/`. */
  readonly folder: string;
  /** Only whether the answer is rejected is asked for: once a test has done that, the others have no turn. */
  readonly untilRejected?: boolean;
  /** The title of the test that is expected to reject it. */
  readonly askFirst?: string;
}

/** The exercises that are graded in a folder of answers. */
export interface AnswerSet extends AnswersToGrade {
  readonly slugs: readonly string[];
}

export interface JestRunRequest {
  readonly answerSets: readonly AnswerSet[];
  /** Projects of jest.config.cjs that are run besides the graders. */
  readonly alsoRun?: readonly ('course' | 'tools')[];
  readonly kafka: KafkaDescription;
  /** Ends jest; what it has not reported by then stays unknown. */
  readonly signal?: AbortSignal;
}

/** One test file's result, as src/course/grading/jest-reporter.cjs writes it. */
export interface JestFileResult {
  /** Name of the answer set, or null for a test of the course itself. */
  readonly answers: string | null;
  readonly file: string;
  readonly durationMs: number;
  readonly tests: readonly JestTestResult[];
  /** Why the file did not load; empty when it did. */
  readonly crash: string;
}

export interface JestTestResult {
  readonly title: string;
  readonly fullName: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'todo' | 'skipped' | 'disabled' | 'focused';
  readonly message: string;
}

export interface JestRun {
  readonly files: readonly JestFileResult[];
  /** Where the graders left their evidence: `<answer set>/<slug>.json`. */
  readonly evidenceFolder: string;
  /** What jest ended with; nothing but 0 and 1 is a run that can be believed. */
  readonly exitCode: number;
}

/**
 * One jest run, in a process of its own: the course's tests, and the graders once for every set of answers. Jest's exit
 * code says little here (a stub is a failed test to jest), so the caller judges the results.
 */
export async function runJest(request: JestRunRequest): Promise<JestRun> {
  const folder = fs.mkdtempSync(path.join(ensureFolder('.course', 'runs'), 'run-'));
  const resultsFile = path.join(folder, 'results.jsonl');
  fs.writeFileSync(resultsFile, '');
  const configFile = writeConfig(folder, resultsFile);
  const projects = [...(request.alsoRun ?? []), ...request.answerSets.map(({ name }) => name)];
  // forceExit: a connection that somebody forgot must cost a warning, not a learner's evening.
  const exitCode = await spawnJest(
    ['--config', configFile, '--forceExit', '--selectProjects', ...projects],
    {
      COURSE_ANSWER_SETS: JSON.stringify(request.answerSets),
      COURSE_EVIDENCE: folder,
      COURSE_KAFKA: JSON.stringify(describeKafka(request.kafka)),
    },
    request.signal,
  );
  const lines = fs.readFileSync(resultsFile, 'utf8').split('\n').filter(Boolean);
  return { files: lines.map((line) => JSON.parse(line) as JestFileResult), evidenceFolder: folder, exitCode };
}

/** Reporters with options can only be given in a configuration, so this one wraps the project's. */
function writeConfig(folder: string, resultsFile: string): string {
  const reporter = path.join(__dirname, 'jest-reporter.cjs');
  const base = JSON.stringify(path.join(PROJECT_ROOT, 'jest.config.cjs'));
  const reporters = JSON.stringify([[reporter, { resultsFile }]]);
  const file = path.join(folder, 'jest.config.cjs');
  const root = JSON.stringify(PROJECT_ROOT);
  fs.writeFileSync(
    file,
    `module.exports = { ...require(${base}), rootDir: ${root}, reporters: ${reporters} };\n`,
  );
  return file;
}

const ENDED_BY_SIGNAL = 130;

/** What jest prints whenever it is told to end, forgotten connection or not. */
const FORCED_EXIT = 'Force exiting Jest';

function spawnJest(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<number> {
  const jest = path.join(PROJECT_ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', jest, ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...(process.stderr.isTTY && { FORCE_COLOR: '1' }), ...env },
    // Jest's own summary would count stubs as failures; what a crash of jest itself prints still has to be seen.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!line.startsWith(FORCED_EXIT)) console.error(line);
  });
  const stop = (): void => void child.kill('SIGTERM');
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    // Ended by a signal it has not run everything, which 0 and 1 would claim.
    child.on('close', (code) => resolve(code ?? ENDED_BY_SIGNAL));
  }).finally(() => signal?.removeEventListener('abort', stop));
}

function ensureFolder(...parts: string[]): string {
  const folder = path.join(PROJECT_ROOT, ...parts);
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

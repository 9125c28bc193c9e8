import fs from 'node:fs';
import path from 'node:path';
import { useKafka } from '../../broker/index';
import type { CourseKafka } from '../../broker/index';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import { findExercise, PROJECT_ROOT } from '../exercises/manifest';
import { AnswerFailure } from './answer-failure';
import { AnswerUnderTest } from './answer-under-test';
import type { AnswersToGrade } from './jest-run';
import { testId } from './result';
import type { TestResult } from './result';
import { whyNoBroker } from './broker-health';
import { NOT_ASKED, NOT_JUDGED, rejects } from './verdict';
import { WrongAnswer } from './wrong-answer';

/** What a grader's test file leaves for the command that started jest: details that jest's own results have no place for. */
export interface Evidence {
  readonly slug: string;
  readonly tests: readonly TestResult[];
  /** There is no file to grade. */
  readonly missing: boolean;
  readonly charts: readonly VegaLiteSpec[];
  /** The beginning of what the answer printed. */
  readonly output: string;
}

/** A probe is a module of functions `(answer, input) => result` that run in the answer's process; data goes in and out. */
type Scenario = (answer: never, input: never) => unknown;
type Scenarios<Probe> = { [Name in keyof Probe]: Probe[Name] extends Scenario ? Name : never }[keyof Probe] &
  string;
type Input<Probe, Name extends keyof Probe> = Probe[Name] extends (answer: never, input: infer I) => unknown
  ? I
  : never;
type Output<Probe, Name extends keyof Probe> = Probe[Name] extends Scenario
  ? Awaited<ReturnType<Probe[Name]>>
  : never;

export interface GraderTools<Probe> {
  /** One test of the exercise, worth one point or what the definition says. Throw a WrongAnswer to say what is wrong. */
  readonly graded: (name: string, judge: () => Promise<void>) => void;
  /** Runs one of the probe's scenarios on the answer, in the answer's own process. */
  readonly run: <Name extends Scenarios<Probe>>(
    scenario: Name,
    input: Input<Probe, Name>,
  ) => Promise<Output<Probe, Name>>;
  /** The broker of this run. */
  readonly kafka: () => Promise<CourseKafka>;
  /** A chart that shows what was measured; it appears in the report, whether the test passes or not. */
  readonly chart: (spec: VegaLiteSpec) => void;
}

export interface GraderOptions {
  /** Names the answer has to export. */
  readonly exports: readonly string[];
  /** Limit for one scenario. An answer that runs into it costs its exercise well under 20 s. */
  readonly timeLimitMs?: number;
}

const DEFAULT_TIME_LIMIT_MS = 8_000;
/** Answers have limits of their own, scenario by scenario; this one is for a grader that never comes to an end. */
const HANGING_GRADER_MS = 300_000;

/**
 * Declares the grader of one exercise: the tests in `test/exercises/<slug>.test.ts`, with the probe of the same name in
 * `test/exercises/probes/`. `Probe` is the type of that probe: `exercise<typeof import('./probes/06-key-partitioner')>`.
 */
export function exercise<Probe>(
  slug: string,
  options: GraderOptions,
  define: (tools: GraderTools<Probe>) => void,
): void {
  const answers = (globalThis as unknown as { COURSE_ANSWERS: AnswersToGrade }).COURSE_ANSWERS;
  const definition = findExercise(slug);
  const answerFile = path.join(answers.folder, slug, definition.files[0]!);
  const declared: GradedTest[] = [];
  const tests: TestResult[] = [];
  const charts: VegaLiteSpec[] = [];
  const answer = new AnswerUnderTest({
    probeFile: path.join(PROJECT_ROOT, 'test', 'exercises', 'probes', `${slug}.ts`),
    answerFile,
    exports: options.exports,
    imports: { folder: answers.folder, values: definition.mayImport ?? [] },
    timeLimitMs: options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS,
  });
  let kafka: Promise<CourseKafka> | undefined;

  async function judged({ name, judge }: GradedTest): Promise<void> {
    const began = performance.now();
    const settle = (verdict: Verdict): void => {
      const maxScore = definition.pointsPerTest ?? 1;
      const score = verdict.status === 'pass' ? maxScore : 0;
      const durationMs = Math.round(performance.now() - began);
      tests.push({ id: testId(slug, name), name, ...verdict, durationMs, score, maxScore });
    };
    try {
      if (answers.untilRejected === true && tests.some(rejects)) throw new NotAsked();
      if (!fs.existsSync(answerFile)) {
        throw new AnswerFailure(`${slug}/${path.basename(answerFile)} is missing.`, 'error');
      }
      await judge();
      settle({ status: 'pass', message: '' });
    } catch (error) {
      const verdict = verdictOf(error);
      const broken = kafka === undefined ? undefined : await whyNoBroker(kafka, error);
      // Whatever an answer does while its broker is gone says nothing about the answer.
      settle(broken === undefined ? verdict : { status: 'not-judged', message: `${NOT_JUDGED}: ${broken}` });
      throw error;
    }
  }

  const tools: GraderTools<Probe> = {
    graded: (name, judge) => void declared.push({ name, judge }),
    run: (scenario, input) => answer.run(scenario, input) as Promise<Output<Probe, typeof scenario>>,
    kafka: () => (kafka ??= useKafka()),
    chart: (spec) => void charts.push(spec),
  };

  describe(slug, () => {
    define(tools);
    for (const test of inTurn(declared, answers.askFirst))
      it(test.name, () => judged(test), HANGING_GRADER_MS);
    afterAll(async () => {
      answer.stop();
      const missing = !fs.existsSync(answerFile);
      writeEvidence(answers.name, { slug, tests, missing, charts, output: answer.output });
      await (await kafka?.catch(() => undefined))?.stop();
    });
  });
}

interface GradedTest {
  readonly name: string;
  readonly judge: () => Promise<void>;
}

class NotAsked extends Error {
  override readonly message = `${NOT_ASKED}: another test has rejected the answer already.`;
}

function inTurn(tests: readonly GradedTest[], askFirst: string | undefined): readonly GradedTest[] {
  return [...tests.filter(({ name }) => name === askFirst), ...tests.filter(({ name }) => name !== askFirst)];
}

type Verdict = Pick<TestResult, 'status' | 'message' | 'seen' | 'expected' | 'readOn'>;

function verdictOf(error: unknown): Verdict {
  if (error instanceof WrongAnswer) return { status: 'fail', message: error.message, ...error.details };
  if (error instanceof AnswerFailure) return { status: error.status, message: error.message };
  if (error instanceof NotAsked) return { status: 'error', message: error.message };
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: 'not-judged', message: `${NOT_JUDGED}: ${what}` };
}

function writeEvidence(answers: string, evidence: Evidence): void {
  const folder = process.env['COURSE_EVIDENCE'];
  if (folder === undefined) return; // jest was called by hand: its own output is all that is wanted
  const file = path.join(folder, answers, `${evidence.slug}.json`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(evidence));
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '../../support/course-error';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { PROJECT_ROOT, selectExercises } from '../exercises/manifest';
import { classResult } from '../gradebook/class-result';
import type { ClassResult } from '../gradebook/class-result';
import { writeClassPage } from '../gradebook/class-page';
import { gradeClass } from '../gradebook/grade-class';
import type { GradedSubmission } from '../gradebook/grade-class';
import { pageOf, writeClassResult, writePage } from '../gradebook/gradebook';
import { gradebookCsv, testsCsv } from '../gradebook/gradebook-csv';
import { GradingBroker } from '../gradebook/grading-broker';
import { findSubmissions } from '../gradebook/intake/find-submissions';
import type { Submission } from '../gradebook/intake/find-submissions';
import { similarAnswers } from '../gradebook/similar-answers';
import { readOverrides } from '../gradebook/overrides';
import type { Override } from '../gradebook/overrides';
import { checkWritable } from './check-writable';
import { ClassProgress } from './class-progress';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { progress } from './progress';

export interface GradebookFlags {
  readonly csv?: string;
  readonly tests?: string;
  readonly bom?: boolean;
  readonly again?: readonly string[];
  readonly jobs?: string;
  readonly overrides?: string;
  readonly weights?: string;
  readonly due?: string;
  readonly anonymous?: boolean;
}

/** What a submission takes while it is graded: jest with two workers, an answer's process, its share of the broker. */
const MEGABYTES_EACH = 700;

/**
 * `npm run gradebook`: one row and one page for each submission. Stopped in the middle it writes what there is, and the next
 * call goes on from there. Ends with 1 when something could not be judged.
 */
export async function gradebookCommand(
  source: string,
  words: readonly string[],
  flags: GradebookFlags,
): Promise<ExitCode> {
  const exercises = selectExercises(words);
  const rules = readFlags(source, exercises, flags);
  const submissions = await findSubmissions(rules.source, exercises);
  const again = namesOf(submissions, flags.again ?? []);
  warnOfStrangers(rules.overrides, submissions);
  const stop = new AbortController();
  const stopped = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stopped);
  const bar = new ClassProgress(submissions.length, rules.jobs);
  const broker = new GradingBroker((what) => bar.say(what));
  const graded = new Map<string, GradedSubmission>();
  let kafka = { kind: 'none', version: 'none', brokers: 0 };
  const writeAndTell = (): void => {
    const inOrder = submissions.flatMap(({ name }) => graded.get(name) ?? []);
    const result = classResult(inOrder, { ...rules, kafka, total: submissions.length, pageOf });
    writeOutputs(result, exercises, flags, rules);
    const texts = inOrder.map(({ submission: { answers } }, index) => ({
      name: result.submissions[index]!.name,
      answers,
    }));
    writeClassPage(result, exercises, similarAnswers(exercises, texts));
    tell(result, inOrder, submissions.length);
  };
  try {
    kafka = await progress('Looking for a broker', () => broker.use());
    bar.start();
    await gradeClass({
      ...{ submissions, exercises, broker, again, jobs: rules.jobs, signal: stop.signal },
      onGraded: (one) => {
        graded.set(one.submission.name, one);
        bar.graded(one);
        const { submissions: rows, ...head } = classResult([one], { ...rules, kafka, total: 1, pageOf });
        writePage(rows[0]!, { ...head, submissions: [] }, one.submission);
      },
    });
  } finally {
    bar.stop();
    // Whatever ended the run, and also when no broker was left: what is known is written down.
    if (graded.size > 0) writeAndTell();
    await broker.stop();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stopped);
  }
  const unjudged = [...graded.values()].some((one) => one.exercises.some(({ notJudged }) => notJudged > 0));
  return graded.size < submissions.length || unjudged ? EXIT.wrong : EXIT.ok;
}

interface Rules {
  readonly source: string;
  readonly jobs: number;
  readonly overrides: readonly Override[];
  readonly weights: Readonly<Record<string, number>>;
  readonly due: Date | undefined;
  readonly anonymous: boolean;
  readonly csv: string | undefined;
  readonly tests: string | undefined;
}

/** Everything that can be wrong with a call, found before an hour of grading. */
function readFlags(source: string, exercises: readonly ExerciseDefinition[], flags: GradebookFlags): Rules {
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const folder = path.resolve(from, source);
  const beside = path.join(folder, 'overrides.csv');
  const named = flags.overrides === undefined ? undefined : path.resolve(from, flags.overrides);
  const overrides = named ?? (fs.existsSync(beside) ? beside : undefined);
  const due = flags.due === undefined ? undefined : new Date(flags.due);
  if (due !== undefined && Number.isNaN(due.getTime())) {
    throw new UsageError(`"${flags.due}" is no time: --due takes one such as 2026-12-24T18:00+01:00.`);
  }
  return {
    source: folder,
    jobs: jobsOf(flags.jobs ?? '1'),
    overrides: overrides === undefined ? [] : readOverrides(overrides, exercises),
    weights: flags.weights === undefined ? {} : readWeights(path.resolve(from, flags.weights), exercises),
    due,
    anonymous: flags.anonymous === true,
    csv: flags.csv === undefined ? undefined : checkWritable(flags.csv, '--csv'),
    tests: flags.tests === undefined ? undefined : checkWritable(flags.tests, '--tests'),
  };
}

function jobsOf(text: string): number {
  const fits = Math.max(1, Math.floor(os.freemem() / 1024 / 1024 / MEGABYTES_EACH));
  if (text === 'auto') return Math.max(1, Math.min(fits, Math.floor(os.availableParallelism() / 2)));
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new UsageError(`"${text}" is no number of jobs: --jobs takes a whole number from 1 on, or auto.`);
  }
  if (jobs > fits) {
    throw new UsageError(
      `--jobs ${jobs} needs about ${jobs * MEGABYTES_EACH} MB of free memory, which is enough for ${fits}: take that, or auto.`,
    );
  }
  return jobs;
}

function readWeights(file: string, exercises: readonly ExerciseDefinition[]): Record<string, number> {
  let weights: unknown;
  try {
    weights = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`"${file}" is no JSON: --weights takes a file such as {"17-predict": 0.5}.`, {
      cause,
    });
  }
  for (const [slug, weight] of Object.entries(weights as object)) {
    if (!exercises.some((one) => one.slug === slug))
      throw new UsageError(`"${file}": there is no exercise "${slug}".`);
    if (!(typeof weight === 'number' && weight >= 0))
      throw new UsageError(`"${file}": the weight of ${slug} is a number from 0 on.`);
  }
  return weights as Record<string, number>;
}

function namesOf(submissions: readonly Submission[], wanted: readonly string[]): Set<string> {
  const known = new Set(submissions.map(({ name }) => name));
  const unknown = wanted.find((name) => name !== 'all' && !known.has(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `There is no submission "${unknown}": --again takes a name as the CSV has it, or all.`,
    );
  }
  return wanted.includes('all') ? known : new Set(wanted);
}

function warnOfStrangers(overrides: readonly Override[], submissions: readonly Submission[]): void {
  const known = new Set(submissions.map(({ name }) => name));
  const strangers = new Set(overrides.map(({ submission }) => submission).filter((name) => !known.has(name)));
  for (const name of strangers)
    console.error(`The overrides name "${name}", and there is no such submission.`);
}

function writeOutputs(
  result: ClassResult,
  exercises: readonly ExerciseDefinition[],
  { bom }: GradebookFlags,
  { csv, tests }: Rules,
): void {
  writeClassResult(result);
  if (csv !== undefined) fs.writeFileSync(csv, gradebookCsv(result, exercises, { bom }));
  if (tests !== undefined) fs.writeFileSync(tests, testsCsv(result, { bom }));
}

function tell(result: ClassResult, graded: readonly GradedSubmission[], total: number): void {
  for (const [index, one] of result.submissions.entries()) {
    const notes = [
      ...(one.notJudged > 0 ? [`${one.notJudged} tests could not be judged`] : []),
      ...one.notes,
      ...(graded[index]!.remembered ? ['unchanged since it was last graded'] : []),
    ];
    const score = one.notJudged > 0 ? 'not judged' : `${one.score} of ${one.maxScore}`;
    const told = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
    console.log(`${one.name}: ${score}${told}  ${path.join(PROJECT_ROOT, one.page)}`);
  }
  console.log(`The class: ${path.join(PROJECT_ROOT, 'reports', 'gradebook', 'index.html')}`);
  const unjudged = result.submissions.filter(({ notJudged }) => notJudged > 0).length;
  if (unjudged > 0) console.log(`${unjudged} could not be judged: call the same command again.`);
  if (graded.length < total)
    console.log(`Stopped: ${graded.length} of ${total} are graded. The same command goes on from there.`);
}

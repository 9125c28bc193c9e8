import fs from 'node:fs';
import path from 'node:path';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import type { Evidence } from './exercise';
import type { JestFileResult, JestRun } from './jest-run';
import { PROJECT_ROOT } from '../exercises/manifest';
import { exerciseStatus, testId } from './result';
import type { ChartResult, ExerciseResult, GradingResult, TestResult } from './result';
import { NOT_JUDGED } from './verdict';

/** Draws a chart of an exercise and says where the picture is. */
export type DrawChart = (slug: string, index: number, spec: VegaLiteSpec) => Promise<ChartResult>;

/** The result of one set of answers, from what jest reported and what the graders left behind. */
export async function gradingResult(
  run: JestRun,
  answers: string,
  exercises: readonly ExerciseDefinition[],
  kafka: GradingResult['kafka'],
  draw: DrawChart,
): Promise<GradingResult> {
  const results: ExerciseResult[] = [];
  for (const exercise of exercises) {
    const { slug } = exercise;
    const file = run.files.find(
      (one) => one.answers === answers && path.basename(one.file) === `${slug}.test.ts`,
    );
    results.push(await exerciseResult(exercise, file, readEvidence(run, answers, slug), draw));
  }
  return { ...gradingHead(kafka), ...totals(results), exercises: results };
}

/** What is known of a grading before it: with what it was made, and when. */
export function gradingHead(
  kafka: GradingResult['kafka'],
): Pick<GradingResult, 'version' | 'course' | 'gradedAt' | 'kafka'> {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return {
    version: 1,
    course: { name, version, node: process.version },
    gradedAt: new Date().toISOString(),
    kafka: { kind: kafka.kind, version: kafka.version, brokers: kafka.brokers },
  };
}

/** The sums of a grading. */
export function totals(
  exercises: readonly ExerciseResult[],
): Pick<GradingResult, 'score' | 'maxScore' | 'notJudged'> {
  const total = (of: (result: ExerciseResult) => number): number =>
    exercises.reduce((sum, one) => sum + of(one), 0);
  return {
    score: total(({ score }) => score),
    maxScore: total(({ maxScore }) => maxScore),
    notJudged: total(({ notJudged }) => notJudged),
  };
}

async function exerciseResult(
  { slug, pointsPerTest = 1 }: ExerciseDefinition,
  file: JestFileResult | undefined,
  evidence: Evidence | undefined,
  draw: DrawChart,
): Promise<ExerciseResult> {
  const noVerdict = (name: string, why: string): TestResult => {
    const message = `${NOT_JUDGED}: ${why}`;
    return {
      id: testId(slug, name),
      name,
      status: 'not-judged',
      message,
      durationMs: 0,
      score: 0,
      maxScore: pointsPerTest,
    };
  };
  const tests = file === undefined ? [] : file.tests.map((test) => testResult(test, evidence, noVerdict));
  if (file === undefined || file.crash !== '') {
    const why = file === undefined ? 'jest has no result of it' : file.crash;
    tests.push(noVerdict('the grader itself', `it did not run: ${why}`));
  }
  const charts: ChartResult[] = [];
  for (const [index, spec] of (evidence?.charts ?? []).entries())
    charts.push(await draw(slug, index + 1, spec));
  return {
    slug,
    status: exerciseStatus(tests),
    score: tests.reduce((sum, { score }) => sum + score, 0),
    maxScore: tests.reduce((sum, { maxScore }) => sum + maxScore, 0),
    missing: evidence?.missing ?? false,
    notJudged: tests.filter(({ status }) => status === 'not-judged').length,
    durationMs: file?.durationMs ?? 0,
    tests,
    charts,
  };
}

/** A test counts as passed only when jest and the grader both say so. */
function testResult(
  test: JestFileResult['tests'][number],
  evidence: Evidence | undefined,
  noVerdict: (name: string, why: string) => TestResult,
): TestResult {
  const judged = evidence?.tests.find(({ name }) => name === test.title);
  if (judged !== undefined && (test.status === 'passed') === (judged.status === 'pass')) return judged;
  const said = test.message === '' ? `jest says ${test.status} and the grader left no verdict` : test.message;
  return noVerdict(test.title, said);
}

function readEvidence(run: JestRun, answers: string, slug: string): Evidence | undefined {
  const file = path.join(run.evidenceFolder, answers, `${slug}.json`);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Evidence) : undefined;
}

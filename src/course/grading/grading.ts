import fs from 'node:fs';
import path from 'node:path';
import type { CourseKafka } from '../../broker/index';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import type { Evidence } from './exercise';
import type { JestFileResult, JestRun } from './jest-run';
import { exerciseStatus } from './result';
import type { ChartResult, ExerciseResult, GradingResult, TestResult } from './result';
import { NOT_JUDGED } from './verdict';

/** Draws a chart of an exercise and says where the picture is. */
export type DrawChart = (slug: string, index: number, spec: VegaLiteSpec) => Promise<ChartResult>;

/** The result of one set of answers, from what jest reported and what the graders left behind. */
export async function gradingResult(
  run: JestRun,
  answers: string,
  exercises: readonly ExerciseDefinition[],
  kafka: CourseKafka,
  draw: DrawChart,
): Promise<GradingResult> {
  const results: ExerciseResult[] = [];
  for (const { slug } of exercises) {
    const file = run.files.find(
      (one) => one.answers === answers && path.basename(one.file) === `${slug}.test.ts`,
    );
    results.push(await exerciseResult(slug, file, readEvidence(run, answers, slug), draw));
  }
  const total = (of: (result: ExerciseResult) => number): number =>
    results.reduce((sum, one) => sum + of(one), 0);
  return {
    version: 1,
    kafka: { kind: kafka.kind, version: kafka.version, brokers: kafka.brokers },
    score: total(({ score }) => score),
    maxScore: total(({ maxScore }) => maxScore),
    exercises: results,
  };
}

async function exerciseResult(
  slug: string,
  file: JestFileResult | undefined,
  evidence: Evidence | undefined,
  draw: DrawChart,
): Promise<ExerciseResult> {
  const tests = file === undefined ? [] : file.tests.map((test) => testResult(test, evidence));
  if (file === undefined || file.crash !== '') {
    const why = file === undefined ? 'jest has no result of it' : file.crash;
    tests.push({
      name: 'the grader itself',
      status: 'error',
      message: `${NOT_JUDGED}: it did not run: ${why}`,
    });
  }
  const charts: ChartResult[] = [];
  for (const [index, spec] of (evidence?.charts ?? []).entries())
    charts.push(await draw(slug, index + 1, spec));
  return {
    slug,
    status: exerciseStatus(tests),
    score: tests.filter(({ status }) => status === 'pass').length,
    maxScore: tests.length,
    durationMs: file?.durationMs ?? 0,
    tests,
    charts,
  };
}

/** A test counts as passed only when jest and the grader both say so. */
function testResult(test: JestFileResult['tests'][number], evidence: Evidence | undefined): TestResult {
  const judged = evidence?.tests.find(({ name }) => name === test.title);
  if (judged === undefined || (test.status === 'passed') !== (judged.status === 'pass')) {
    const message =
      test.message === '' ? `jest says ${test.status} and the grader left no verdict` : test.message;
    return {
      name: test.title,
      status: 'error',
      message: `${NOT_JUDGED}: ${message}`,
    };
  }
  return judged;
}

function readEvidence(run: JestRun, answers: string, slug: string): Evidence | undefined {
  const file = path.join(run.evidenceFolder, answers, `${slug}.json`);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Evidence) : undefined;
}

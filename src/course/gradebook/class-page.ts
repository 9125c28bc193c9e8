import fs from 'node:fs';
import path from 'node:path';
import { Eta } from 'eta';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { PROJECT_ROOT } from '../exercises/manifest';
import type { ClassResult } from './class-result';
import type { SimilarAnswers } from './similar-answers';
import { GRADEBOOK_FOLDER } from './store';

/** A test that submissions fail, and how many of those that tried it. */
export interface FailedTest {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly failed: number;
  readonly tried: number;
}

export interface ExerciseNumbers {
  readonly slug: string;
  readonly title: string;
  readonly passed: number;
  readonly begun: number;
  readonly missing: number;
  /** Median of what grading took. */
  readonly seconds: number;
}

/** The tests that fail most, most often first. Who has not begun an exercise has not tried its tests. */
export function mostFailed({ submissions }: ClassResult): FailedTest[] {
  const tests = new Map<string, FailedTest>();
  for (const { exercises } of submissions) {
    for (const { slug, status, missing, tests: own } of exercises) {
      if (status === 'todo' || missing) continue;
      for (const { id, name, status: one } of own) {
        if (one === 'not-judged') continue;
        const { failed, tried } = tests.get(id) ?? { failed: 0, tried: 0 };
        tests.set(id, { id, slug, name, failed: failed + (one === 'pass' ? 0 : 1), tried: tried + 1 });
      }
    }
  }
  const failing = [...tests.values()].filter(({ failed }) => failed > 0);
  return failing.sort((a, b) => b.failed - a.failed || (a.id < b.id ? -1 : 1));
}

export function exerciseNumbers(
  { submissions }: ClassResult,
  exercises: readonly ExerciseDefinition[],
): ExerciseNumbers[] {
  return exercises.map(({ slug, title }) => {
    const results = submissions.flatMap((one) => one.exercises.filter((exercise) => exercise.slug === slug));
    const times = results.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
    return {
      slug,
      title,
      passed: results.filter(({ status }) => status === 'pass').length,
      begun: results.filter(({ status, missing }) => status !== 'todo' && !missing).length,
      missing: results.filter(({ missing }) => missing).length,
      seconds: (times[Math.floor(times.length / 2)] ?? 0) / 1000,
    };
  });
}

/** `reports/gradebook/index.html`: one page about the class, without a network, with links to each learner's. */
export function writeClassPage(
  result: ClassResult,
  exercises: readonly ExerciseDefinition[],
  similar: readonly SimilarAnswers[],
): void {
  const eta = new Eta({ views: __dirname, autoEscape: true });
  const html = eta.render('./class-page', {
    result,
    failed: mostFailed(result).slice(0, 30),
    exercises: exerciseNumbers(result, exercises),
    similar,
    link: (page: string) => encodeURIComponent(path.basename(page)),
    time: (iso: string) => iso.slice(0, 16).replace('T', ' ') + ' UTC',
  });
  const file = path.join(PROJECT_ROOT, GRADEBOOK_FOLDER, 'index.html');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, html);
}

import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { coursePath } from '../../support/project-paths';
import { gradingHead, totals } from '../grading/grading';
import type { ExerciseResult, GradingResult } from '../grading/result';
import type { GradedSubmission } from './grade-class';
import type { Override } from './overrides';

/** One learner's exercise, as it counts. */
export interface CountedExercise extends ExerciseResult {
  /** The grader's points, where an instructor has decided otherwise. */
  readonly gradedScore?: number;
  readonly comment?: string;
}

/** One learner's row, with everything that pages, tables and an LMS take from it. */
export interface SubmissionResult extends Pick<GradingResult, 'score' | 'maxScore' | 'notJudged'> {
  readonly name: string;
  /** The LMS's number of the student; empty without an LMS. */
  readonly lmsId: string;
  /** Of the score, or of the weighted exercises, from 0 to 100. */
  readonly percent: number;
  /** ISO 8601, UTC. */
  readonly submittedAt: string | null;
  readonly late: boolean | null;
  readonly attempt: number;
  readonly comment: string;
  /** What was left out or looks odd. */
  readonly notes: readonly string[];
  readonly exercises: readonly CountedExercise[];
  /** The learner's page, relative to the project. */
  readonly page: string;
}

/** What `npm run gradebook` writes to `reports/gradebook/gradebook.json`. */
export interface ClassResult extends Pick<GradingResult, 'version' | 'course' | 'gradedAt' | 'kafka'> {
  readonly weights: Readonly<Record<string, number>>;
  readonly due: string | null;
  /** How many submissions there are; fewer are listed when the gradebook was stopped. */
  readonly total: number;
  readonly submissions: readonly SubmissionResult[];
}

export interface CountingRules {
  readonly kafka: GradingResult['kafka'];
  readonly total: number;
  readonly overrides: readonly Override[];
  /** How much an exercise counts in `percent`, by its slug; without any, every point counts alike. */
  readonly weights: Readonly<Record<string, number>>;
  readonly due: Date | undefined;
  readonly anonymous: boolean;
  readonly pageOf: (name: string) => string;
}

/** Everything about a class, from what was graded and what its instructor decided. */
export function classResult(graded: readonly GradedSubmission[], rules: CountingRules): ClassResult {
  return {
    ...gradingHead(rules.kafka),
    weights: rules.weights,
    due: rules.due?.toISOString() ?? null,
    total: rules.total,
    submissions: graded.map((one) => submissionResult(one, rules)),
  };
}

function submissionResult(graded: GradedSubmission, rules: CountingRules): SubmissionResult {
  const { submission, attempt } = graded;
  const overrides = rules.overrides.filter((one) => one.submission === submission.name);
  const exercises = graded.exercises.map((one) => counted(one, overrides));
  const { submitted } = submission;
  const name = rules.anonymous ? anonymousId(submission.name) : submission.name;
  const isLate = submitted === undefined || rules.due === undefined ? null : submitted > rules.due;
  return {
    name,
    lmsId: rules.anonymous ? '' : submission.lmsId,
    ...totals(exercises),
    percent: percentOf(exercises, rules.weights),
    submittedAt: submitted?.toISOString() ?? null,
    late: submission.late ?? isLate,
    attempt,
    comment: overrides.find(({ slug }) => slug === undefined)?.comment ?? '',
    notes: submission.notes,
    exercises,
    page: rules.pageOf(name),
  };
}

/** Points that an instructor gave are final, also where the grader came to no verdict. */
function counted(result: ExerciseResult, overrides: readonly Override[]): CountedExercise {
  const override = overrides.find(({ slug }) => slug === result.slug);
  if (override === undefined) return result;
  const comment = override.comment === '' ? {} : { comment: override.comment };
  if (override.points === undefined) return { ...result, ...comment };
  return { ...result, score: override.points, notJudged: 0, gradedScore: result.score, ...comment };
}

/** With weights, each exercise counts by its weight, whatever its points; one decimal. */
function percentOf(exercises: readonly ExerciseResult[], weights: Readonly<Record<string, number>>): number {
  const isWeighted = Object.keys(weights).length > 0;
  let reached = 0;
  let most = 0;
  for (const { slug, score, maxScore } of exercises) {
    const weight = isWeighted ? (weights[slug] ?? 1) : maxScore;
    most += weight;
    if (maxScore > 0) reached += (weight * score) / maxScore;
  }
  return most === 0 ? 0 : Math.round((1000 * reached) / most) / 10;
}

/**
 * A name that tells nothing, the same in every run: for marking blind and for showing results to others. The key and the
 * list of who is who stay on this machine, in `.course/gradebook/`.
 */
export function anonymousId(name: string): string {
  const file = coursePath('gradebook', 'anonymous.key');
  if (!fs.existsSync(file)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  const key = fs.readFileSync(file, 'utf8');
  return `anon-${createHmac('sha256', key).update(name).digest('hex').slice(0, 10)}`;
}

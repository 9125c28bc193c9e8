import { stringify } from 'csv-stringify/sync';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import type { ClassResult, CountedExercise, SubmissionResult } from './class-result';

const BOM = '\uFEFF';

/** Spreadsheets run what begins like a formula, and a folder's name or a message comes from a stranger. */
function csv(rows: readonly (readonly (string | number)[])[], bom: boolean): string {
  return (
    (bom ? BOM : '') +
    stringify(
      rows.map((row) => [...row]),
      { escape_formulas: true },
    )
  );
}

/**
 * One row for each submission: total, then points and status of every exercise, then the circumstances. Without a verdict on
 * everything the total is empty, so that nobody takes it for a grade.
 *
 * @param bom begins with the mark by which Excel knows UTF-8
 */
export function gradebookCsv(
  { submissions }: ClassResult,
  exercises: readonly ExerciseDefinition[],
  { bom = false }: { bom?: boolean } = {},
): string {
  const header = ['submission', 'score', 'max_score', 'percent'];
  for (const { slug } of exercises) header.push(slug, `${slug} status`);
  header.push('not_judged', 'late', 'submitted', 'attempt', 'overridden', 'comment', 'notes');
  return csv([header, ...submissions.map((one) => row(one, exercises))], bom);
}

function row(one: SubmissionResult, exercises: readonly ExerciseDefinition[]): (string | number)[] {
  const { name, score, maxScore, percent, notJudged } = one;
  const bySlug = new Map(one.exercises.map((exercise) => [exercise.slug, exercise]));
  const overridden = one.exercises.filter(({ gradedScore }) => gradedScore !== undefined);
  const comments = [one.comment, ...one.exercises.map(({ comment }) => comment ?? '')];
  return [
    name,
    notJudged > 0 ? '' : score,
    maxScore,
    notJudged > 0 ? '' : percent,
    ...exercises.flatMap(({ slug }) => exerciseCells(bySlug.get(slug))),
    notJudged,
    one.late === null ? '' : one.late ? 'yes' : 'no',
    one.submittedAt ?? '',
    one.attempt,
    overridden.map(({ slug }) => slug).join(' '),
    comments.filter((comment) => comment !== '').join('; '),
    one.notes.join('; '),
  ];
}

function exerciseCells(exercise: CountedExercise | undefined): (string | number)[] {
  if (exercise === undefined) return ['', ''];
  const { score, status, missing, notJudged } = exercise;
  return [notJudged > 0 ? '' : score, missing ? 'missing' : status];
}

/** One row for each test of each submission, for whoever wants to count or to look for a pattern. */
export function testsCsv({ submissions }: ClassResult, { bom = false }: { bom?: boolean } = {}): string {
  const header = ['submission', 'exercise', 'test', 'status', 'score', 'max_score', 'duration_ms'];
  header.push('seen', 'expected', 'read_on', 'message');
  const rows = submissions.flatMap(({ name, exercises }) =>
    exercises.flatMap(({ slug, tests }) =>
      tests.map((test) => [
        ...[name, slug, test.id, test.status, test.score, test.maxScore, test.durationMs],
        ...[test.seen ?? '', test.expected ?? '', test.readOn ?? ''],
        // What the three parts say already is not said twice.
        test.seen === undefined ? test.message : '',
      ]),
    ),
  );
  return csv([header, ...rows], bom);
}

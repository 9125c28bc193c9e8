import fs from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UsageError } from '../../support/course-error';
import type { ExerciseDefinition } from '../exercises/exercise-definition';

/** What an instructor decides against or beside the grader; it stays whatever is graded again. */
export interface Override {
  readonly submission: string;
  /** Undefined: the comment is about the whole submission. */
  readonly slug: string | undefined;
  /** Undefined: the grader's points stand, and there is only a comment. */
  readonly points: number | undefined;
  readonly comment: string;
}

const COLUMNS = ['submission', 'exercise', 'points', 'comment'];

/**
 * Reads a CSV with the columns submission, exercise, points and comment. The exercise is a slug or a part of one, and empty
 * for a comment on everything; points are empty for a comment alone.
 *
 * @throws UsageError that names the line
 */
export function readOverrides(file: string, exercises: readonly ExerciseDefinition[]): readonly Override[] {
  const rows = parseCsv(file);
  const missing = COLUMNS.find((column) => rows.length > 0 && !(column in rows[0]!));
  if (missing !== undefined) {
    throw new UsageError(`"${file}" has no column "${missing}": its first line is ${COLUMNS.join(',')}.`);
  }
  return rows.map((row, index) => {
    const { submission = '', exercise = '', points = '', comment = '' } = row;
    const at = `"${file}", line ${index + 2}`;
    const slug = exercise === '' ? undefined : exercises.find((one) => one.slug.includes(exercise))?.slug;
    if (exercise !== '' && slug === undefined)
      throw new UsageError(`${at}: there is no exercise "${exercise}".`);
    if (points !== '' && slug === undefined) throw new UsageError(`${at}: points need an exercise.`);
    const value = points === '' ? undefined : Number(points.replace(',', '.'));
    if (value !== undefined && !(value >= 0))
      throw new UsageError(`${at}: "${points}" is no number of points.`);
    return { submission, slug, points: value, comment };
  });
}

/** The rows of a CSV by the names in its first line, with or without a BOM, separated by commas or semicolons. */
export function parseCsv(file: string): Record<string, string>[] {
  const text = fs.readFileSync(file, 'utf8');
  const [first = ''] = text.split('\n', 1);
  const delimiter = first.split(';').length > first.split(',').length ? ';' : ',';
  try {
    return parse(text, {
      bom: true,
      columns: true,
      delimiter,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
    });
  } catch (cause) {
    throw new UsageError(`"${file}" is no CSV: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}

import { stringify } from 'csv-stringify/sync';
import { UsageError } from '../../support/course-error';
import type { ClassResult } from '../gradebook/class-result';
import { parseCsv } from '../gradebook/overrides';
import type { FilledSheet } from './moodle';

/** What Canvas needs to know whose row it is; every other column of its export stays out of the import. */
const KEPT = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section'];
const POINTS = /points possible/i;

/**
 * Fills one assignment's column of Canvas's gradebook export, for its import. Students are found by Canvas's own number, which
 * is in the names of the files that it hands out. The grade is a share of the assignment's points.
 */
export function canvasGrades(file: string, assignment: string, { submissions }: ClassResult): FilledSheet {
  const rows = parseCsv(file);
  const columns = Object.keys(rows[0] ?? {});
  const column =
    columns.find((name) => name === assignment) ?? columns.find((name) => name.startsWith(`${assignment} (`));
  if (column === undefined || !columns.includes('ID')) {
    const known = columns.filter((name) => / \(\d+\)$/.test(name)).join(', ');
    throw new UsageError(
      `"${file}" has no assignment "${assignment}": its columns are ${known || columns.join(', ')}.`,
    );
  }
  const kept = [...KEPT.filter((name) => columns.includes(name)), column];
  const isPoints = (row: Record<string, string>): boolean =>
    Object.values(row).some((cell) => POINTS.test(cell));
  const most = Number(rows.find(isPoints)?.[column] ?? '') || 100;
  const used = new Set<string>();
  const filled = rows.flatMap((row) => {
    const own = Object.fromEntries(kept.map((name) => [name, row[name] ?? '']));
    if (isPoints(row)) return [own];
    const one = submissions.find(({ lmsId }) => lmsId !== '' && lmsId === row['ID']);
    if (one === undefined || one.notJudged > 0) return [];
    used.add(one.name);
    return [{ ...own, [column]: ((one.percent / 100) * most).toFixed(2) }];
  });
  const strangers = submissions
    .filter(({ name, notJudged }) => notJudged === 0 && !used.has(name))
    .map(({ name }) => name);
  return {
    csv: stringify(filled, { header: true, columns: kept, escape_formulas: true }),
    filled: used.size,
    strangers,
  };
}

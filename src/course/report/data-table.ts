import type { VegaLiteSpec } from '../../charts/vega-lite-spec';

/** The figures of a chart, for whoever does not see it. */
export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many rows there are in all; `rows` holds the first of them. */
  readonly total: number;
}

type Row = Readonly<Record<string, unknown>>;

const MOST_ROWS = 200;

/**
 * One table for each set of data in a chart, with its axes' titles as heads. A set of one row is a mark that helps to read
 * the chart (a limit, a mean), which the chart's description tells; it is a table only when there is no other.
 */
export function dataTables(spec: VegaLiteSpec): DataTable[] {
  const sets = [...new Map(dataSets(spec).map((rows) => [JSON.stringify(rows), rows])).values()];
  const large = sets.filter((rows) => rows.length > 1);
  const titles = fieldTitles(spec);
  return (large.length > 0 ? large : sets).map((rows) => table(rows, titles));
}

function table(rows: readonly Row[], titles: ReadonlyMap<string, string>): DataTable {
  const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => isPlain(row[key]))))];
  return {
    columns: fields.map((field) => titles.get(field) ?? inWords(field)),
    rows: rows.slice(0, MOST_ROWS).map((row) => fields.map((field) => text(row[field]))),
    total: rows.length,
  };
}

/** Every `data.values` of the spec and of its layers, in their order. */
function dataSets(node: unknown): (readonly Row[])[] {
  if (Array.isArray(node)) return node.flatMap(dataSets);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key !== 'data') return key === 'config' ? [] : dataSets(value);
    const values = isObject(value) ? value['values'] : undefined;
    return Array.isArray(values) && values.length > 0 && values.every(isObject) ? [values] : [];
  });
}

/** What the axes and legends call the fields. */
function fieldTitles(node: unknown, titles = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(node)) for (const one of node) fieldTitles(one, titles);
  if (!isObject(node)) return titles;
  const { field, title } = node;
  if (typeof field === 'string' && typeof title === 'string' && !titles.has(field)) titles.set(field, title);
  for (const [key, value] of Object.entries(node)) if (key !== 'data') fieldTitles(value, titles);
  return titles;
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `recordsPerBatch` → `records per batch` */
function inWords(field: string): string {
  return field.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function text(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 3 });
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

import { formatCount } from '../../charts/format-number';
import { display } from './display';
import type { MimeBundle } from './kernel-host';

export type Cell = string | number | bigint | boolean | null | undefined;

/** Shows rows as a table. The columns are the keys of the first row; numbers are aligned right. */
export function table(rows: readonly Readonly<Record<string, Cell>>[]): void {
  display(tableBundle(rows));
}

export function tableBundle(rows: readonly Readonly<Record<string, Cell>>[]): MimeBundle {
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    numeric: rows.every((row) => ['number', 'bigint'].includes(typeof row[name])),
    cells: rows.map((row) => cellText(row[name])),
  }));
  const widths = columns.map(({ name, cells }) => Math.max(name.length, ...cells.map((cell) => cell.length)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) =>
        columns[at]?.numeric === true ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const heads = columns.map(({ name }) => name);
  const body = rows.map((_, row) => columns.map(({ cells }) => cells[row] ?? ''));
  const html = (tag: string, texts: readonly string[]) =>
    texts
      .map((text, at) => {
        const align = columns[at]?.numeric === true ? 'right' : 'left';
        return `<${tag} style="text-align:${align}">${escapeHtml(text)}</${tag}>`;
      })
      .join('');
  return {
    'text/plain': [line(heads), line(widths.map((width) => '─'.repeat(width))), ...body.map(line)].join('\n'),
    'text/html':
      `<table><thead><tr>${html('th', heads)}</tr></thead>` +
      `<tbody>${body.map((cells) => `<tr>${html('td', cells)}</tr>`).join('')}</tbody></table>`,
  };
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'number' && Number.isInteger(cell) ? formatCount(cell) : String(cell);
}

export function escapeHtml(text: string): string {
  return text
    .split('&')
    .join('&amp;')
    .split('<')
    .join('&lt;')
    .split('>')
    .join('&gt;')
    .split('"')
    .join('&quot;');
}

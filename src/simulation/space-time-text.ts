import type { DiagramRow, SpaceTimeDiagram } from './space-time-layout';

const TIME_WIDTH = 9;
const NARROWEST_COLUMN = 14;
const WIDEST_COLUMN = 30;

/** The diagram for a terminal. */
export function spaceTimeText({ columns, rows, violation }: SpaceTimeDiagram): string {
  const width = columnWidth(columns, rows);
  const heads = columns.map((name) => name.padEnd(width)).join('');
  const lifelines = () => columns.map(() => `│${' '.repeat(width - 1)}`);
  const indent = ' '.repeat(TIME_WIDTH + 2);
  const lines = [`${'ms'.padStart(TIME_WIDTH)}  ${heads}`, indent + lifelines().join('')];
  for (const row of rows) {
    lines.push(`${String(row.atMs).padStart(TIME_WIDTH)}  ${drawRow(row, columns.length, width)}`);
    if (row.leftOut > 0) lines.push(`${indent}⋮ ${row.leftOut} more`);
  }
  lines.push(`${'✗'.padStart(TIME_WIDTH)}  ${violation}`);
  return lines.map((line) => line.trimEnd()).join('\n');
}

function columnWidth(columns: readonly string[], rows: readonly DiagramRow[]): number {
  const longest = Math.max(
    ...columns.map(({ length }) => length),
    ...rows.map(({ label }) => label.length + 3),
  );
  return Math.min(WIDEST_COLUMN, Math.max(NARROWEST_COLUMN, longest + 2));
}

function drawRow({ from, to, label, isLost }: DiagramRow, columns: number, width: number): string {
  const cells = Array.from({ length: columns * width }, (_, at): string => (at % width === 0 ? '│' : ' '));
  const write = (at: number, text: string) => {
    [...text].forEach((letter, index) => {
      if (at + index < cells.length) cells[at + index] = letter;
    });
  };
  if (from === to) {
    const room = cells.length - from * width - 2;
    write(from * width, '●');
    write(from * width + 2, fit(label, room));
    return cells.join('');
  }
  const [left, right] = from < to ? [from, to] : [to, from];
  const start = left * width + 1;
  const length = (right - left) * width - 1;
  write(start, '─'.repeat(length));
  write(start + 1, ` ${fit(label, length - 5)} `);
  const head = isLost ? '✗' : from < to ? '▶' : '◀';
  write(from < to ? start + length - 1 : start, head);
  return cells.join('');
}

function fit(label: string, room: number): string {
  return label.length <= room ? label : `${label.slice(0, Math.max(0, room - 1))}…`;
}

import type { DiagramRow, SpaceTimeDiagram } from './space-time-layout';

const COLUMN_WIDTH = 210;
const ROW_HEIGHT = 34;
const LEFT = 90;
const TOP = 60;

/**
 * The diagram as a picture that takes its colours from the page: it is readable on light and on dark ground, and its text
 * is text, for search and for screen readers.
 */
export function spaceTimeSvg({ columns, rows, violation }: SpaceTimeDiagram): string {
  const width = LEFT + columns.length * COLUMN_WIDTH;
  const bottom = TOP + rows.length * ROW_HEIGHT + 10;
  const height = bottom + 40;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`Space-time diagram of ${rows.length} events. ${violation}`)}" font-family="Inter, sans-serif" font-size="13" fill="currentColor" stroke="none">`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8Z" fill="currentColor"/></marker></defs>',
    ...columns.map((name, column) => lifeline(name, x(column), bottom)),
    ...rows.map((row, index) => drawRow(row, TOP + index * ROW_HEIGHT + ROW_HEIGHT / 2)),
    `<text x="${LEFT}" y="${bottom + 24}" font-weight="600" fill="#c62828">✗ ${escaped(violation)}</text>`,
    '</svg>',
  ].join('\n');
}

function x(column: number): number {
  return LEFT + column * COLUMN_WIDTH + 20;
}

function lifeline(name: string, at: number, bottom: number): string {
  return (
    `<text x="${at}" y="30" text-anchor="middle" font-weight="600">${escaped(name)}</text>` +
    `<line x1="${at}" y1="42" x2="${at}" y2="${bottom}" stroke="currentColor" stroke-opacity="0.35"/>`
  );
}

function drawRow({ number, atMs, from, to, label, isCause, isLost }: DiagramRow, y: number): string {
  const title = `<title>${escaped(`${number}: ${label}`)}</title>`;
  const time = `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end" fill-opacity="0.7">${atMs} ms</text>`;
  const weight = isCause ? ' font-weight="600"' : '';
  if (from === to) {
    const dot = `<circle cx="${x(from)}" cy="${y}" r="5"/>`;
    return `<g>${title}${time}${dot}<text x="${x(from) + 12}" y="${y + 4}"${weight}>${escaped(label)}</text></g>`;
  }
  const dashes = isLost ? ' stroke-dasharray="5 4"' : '';
  const line = `<line x1="${x(from)}" y1="${y}" x2="${x(to)}" y2="${y}" stroke="currentColor" stroke-width="1.5" marker-end="url(#head)"${dashes}/>`;
  const middle = (x(from) + x(to)) / 2;
  return `<g>${title}${time}${line}<text x="${middle}" y="${y - 5}" text-anchor="middle"${weight}>${escaped(label)}</text></g>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => ENTITIES[letter]!);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

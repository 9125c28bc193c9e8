import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import { titleOf } from '../../charts/theme';
import { escapeHtml } from '../../course/notebook/table';

/** A notebook file with outputs, as far as the book is concerned; what else it holds is kept as it is. */
export interface ExecutedNotebook {
  readonly cells: readonly ExecutedCell[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ExecutedCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly CellOutput[];
}

export interface CellOutput {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A chart as it looks where no script runs. */
export interface Picture {
  readonly name: string;
  readonly png: Buffer;
}

const CHART = 'application/vnd.vegalite.v5+json';
const HTML = 'text/html';
/** The book's library is of version 6, and warns of a spec that says 5, which is the one that JupyterLab takes. */
const PAGE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
/** Pictures have twice the size in CSS pixels. */
const PNG_SCALE = 2;
const MERMAID = /^```mermaid\n([\s\S]*?)^```$/gm;

export const sourceOf = ({ source }: ExecutedCell): string =>
  typeof source === 'string' ? source : source.join('');

/** What keeps an executed copy of a notebook out of the book; none when it is a whole run of just this notebook. */
export function complaintsAbout(executed: ExecutedNotebook, committed: ExecutedNotebook): readonly string[] {
  const sources = ({ cells }: ExecutedNotebook): string => JSON.stringify(cells.map(sourceOf));
  if (sources(executed) !== sources(committed)) return ['it was run before it was last changed'];
  const { run } = executed.metadata as { run?: { wrong?: readonly string[] } };
  return run?.wrong ?? ['it does not say how its run went'];
}

/**
 * The notebook as the book's source: charts and diagrams as HTML that a script of the page makes interactive. Pictures go
 * into files of their own, in `pictureFolder` as the page sees it.
 */
export function notebookForBook(
  notebook: ExecutedNotebook,
  slug: string,
  pictureFolder: string,
): { notebook: ExecutedNotebook; pictures: Picture[] } {
  const pictures: Picture[] = [];
  const forBook = (output: CellOutput): CellOutput => {
    const spec = output.data?.[CHART] as VegaLiteSpec | undefined;
    if (spec === undefined) return withSpacedCells(output);
    const picture = { name: `${slug}-${pictures.length + 1}.png`, png: pngOf(output) };
    pictures.push(picture);
    return { ...output, data: { [HTML]: chartHtml(spec, picture, pictureFolder) } };
  };
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code'
      ? { ...cell, outputs: (cell.outputs ?? []).map(forBook) }
      : { ...cell, source: withDiagrams(sourceOf(cell)) },
  );
  return { notebook: { ...notebook, cells }, pictures };
}

/** The search shows the text of a page, in which cells without a space between them are one long word. */
function withSpacedCells(output: CellOutput): CellOutput {
  const html = output.data?.[HTML] as string | readonly string[] | undefined;
  if (html === undefined) return output;
  const text = typeof html === 'string' ? html : html.join('');
  return { ...output, data: { ...output.data, [HTML]: text.replace(/<\/t[dhr]>(?=<)/g, '$& ') } };
}

function pngOf({ data }: CellOutput): Buffer {
  const base64 = data?.['image/png'];
  if (typeof base64 !== 'string') throw new Error('A chart has no picture, which every chart is shown with.');
  return Buffer.from(base64, 'base64');
}

function chartHtml(spec: VegaLiteSpec, { name, png }: Picture, folder: string): string {
  // The header of a PNG file: width and height stand at bytes 16 and 20. With them, nothing moves while a page loads.
  const [width, height] = [16, 20].map((at) => Math.round(png.readUInt32BE(at) / PNG_SCALE));
  const json = JSON.stringify({ ...spec, $schema: PAGE_SCHEMA }).replaceAll('<', '\\u003c');
  const words = escapeHtml(spec.description);
  return [
    '<figure class="course-chart">',
    `<div class="chart" tabindex="0" role="group" aria-label="Chart: ${escapeHtml(titleOf(spec))}">`,
    `<img src="${folder}/${name}" width="${width}" height="${height}" alt="${words}" loading="lazy"></div>`,
    `<details><summary>In words</summary>${words}</details>`,
    `<script type="application/json">${json}</script>`,
    '</figure>',
  ].join('');
}

/** A script of the page draws them; where none runs, the text of the diagram is shown. */
function withDiagrams(markdown: string): string {
  return markdown.replace(
    MERMAID,
    (_, diagram: string) => `<pre class="mermaid">\n${escapeHtml(diagram)}</pre>`,
  );
}

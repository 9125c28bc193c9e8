import fs from 'node:fs';
import path from 'node:path';
import { renderSvg } from '../../charts/render';
import { titleOf } from '../../charts/theme';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import type { ChartResult } from '../grading/result';
import { PROJECT_ROOT } from '../exercises/manifest';

/** Draws charts as SVG files into `reports/<folder>/`. */
export function chartDrawer(
  folder: string,
): (slug: string, index: number, spec: VegaLiteSpec) => Promise<ChartResult> {
  return async (slug, index, spec) => {
    const file = path.posix.join('reports', folder, `${slug}-${index}.svg`);
    const absolute = path.join(PROJECT_ROOT, file);
    fs.mkdirSync(path.dirname(absolute), { recursive: true });
    const svg = await renderSvg(spec).catch((error: unknown) => {
      // The grade does not depend on a picture of it.
      console.error(`${slug}: ${error instanceof Error ? error.message : String(error)}`);
      return notDrawn(titleOf(spec));
    });
    fs.writeFileSync(absolute, svg);
    return { title: titleOf(spec), file, spec };
  };
}

function notDrawn(title: string): string {
  const escaped = `The chart "${title}" could not be drawn.`.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="40"><text x="8" y="26" font-family="sans-serif" font-size="14">${escaped}</text></svg>`;
}

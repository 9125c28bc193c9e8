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
    fs.writeFileSync(absolute, await renderSvg(spec));
    return { title: titleOf(spec), file, spec };
  };
}

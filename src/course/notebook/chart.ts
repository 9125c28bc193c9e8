import { renderPng } from '../../charts/render';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import { display, liveDisplay } from './display';
import type { MimeBundle } from './kernel-host';

/**
 * Draws a chart: interactive in JupyterLab, a picture where a notebook is only read, text in a terminal. The text is the
 * description unless a text form is given.
 */
export async function chart(spec: VegaLiteSpec, text?: string): Promise<void> {
  display(await chartBundle(spec, text));
}

/** Returns a function that redraws a chart in place: each call replaces the chart before. */
export function liveChart(): (spec: VegaLiteSpec, text?: string) => Promise<void> {
  const show = liveDisplay();
  return async (spec, text) => show(await chartBundle(spec, text));
}

/** Returns all forms of a chart, except text/html, which JupyterLab would prefer to the interactive one. */
export async function chartBundle(spec: VegaLiteSpec, text?: string): Promise<MimeBundle> {
  const png = await renderPng(spec);
  return {
    'application/vnd.vegalite.v5+json': spec,
    'image/png': png.toString('base64'),
    'text/plain': text ?? spec.description,
  };
}

'use strict';

// Draws charts in a thread of its own. vega and vega-lite are ES modules with top-level await: only a real import()
// loads them, and neither jest nor the notebook kernel leaves one in the code it compiles. A thread also keeps the
// kernel and the producer's timers free while a picture is drawn.
const { createRequire } = require('node:module');
const path = require('node:path');
const { parentPort } = require('node:worker_threads');
const { loadAdvances } = require('./font-advances.cjs');

const FONTS = path.dirname(createRequire(__filename).resolve('@expo-google-fonts/inter/package.json'));
const fontFile = (weight) => path.join(FONTS, weight, `Inter_${weight}.ttf`);
const REGULAR = fontFile('400Regular');
const MEDIUM = fontFile('500Medium');
const SEMI_BOLD = fontFile('600SemiBold');

let loaded;

async function loadVega() {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const advances = {
    regular: loadAdvances(REGULAR),
    medium: loadAdvances(MEDIUM),
    bold: loadAdvances(SEMI_BOLD),
  };
  vega.textMetrics.width = (item, text) => {
    const weight = item.fontWeight === 'bold' ? 700 : Number(item.fontWeight) || 400;
    const advance = weight >= 600 ? advances.bold : weight >= 500 ? advances.medium : advances.regular;
    const width = advance(text == null ? '' : String(text)) * (item.fontSize ?? 11);
    return item.limit > 0 ? Math.min(width, item.limit) : width;
  };
  return { vega, vegaLite };
}

/** Vega reports what is wrong with a spec to a logger and draws an empty chart: here it becomes the error it is. */
function failingLogger() {
  const fail = (...parts) => {
    throw new Error(parts.map(String).join(' '));
  };
  const logger = { level: () => logger, warn: fail, error: fail, info: () => logger, debug: () => logger };
  return logger;
}

async function toSvg(spec) {
  loaded ??= loadVega();
  const { vega, vegaLite } = await loaded;
  const logger = failingLogger();
  const compiled = vegaLite.compile(spec, { logger }).spec;
  // A chart never fetches anything: its data is in the spec.
  const loader = vega.loader();
  loader.load = (uri) => Promise.reject(new Error(`A chart carries its own data and does not load ${uri}.`));
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', loader, logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function toPng(svg, scale) {
  const { Resvg } = require('@resvg/resvg-js');
  const font = {
    loadSystemFonts: false,
    fontFiles: [REGULAR, MEDIUM, SEMI_BOLD],
    defaultFontFamily: 'Inter',
  };
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: scale }, font }).render().asPng();
}

parentPort.on('message', async ({ id, kind, spec, scale }) => {
  try {
    const svg = await toSvg(spec);
    parentPort.postMessage({ id, result: kind === 'svg' ? svg : toPng(svg, scale) });
  } catch (error) {
    parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});

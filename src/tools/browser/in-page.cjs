'use strict';

// Functions that run inside the page, not in Node: each is sent there as its source, so it must stand on its own. Plain
// JavaScript, because what a compiler adds to a function does not exist there.
/* global document, requestAnimationFrame */

const CHARTS = '.jp-RenderedVegaCommon5 canvas, .jp-RenderedVegaCommon5 svg.marks';

exports.CHARTS = CHARTS;
/** What a picture is taken of: charts with their titles and sliders, and diagrams. */
exports.PICTURED = '.jp-RenderedVegaCommon5, .jp-RenderedMermaid';

exports.themeIs = (theme) => document.body.dataset.jpThemeLight === String(theme === 'light');

exports.everyCellHasEnded = () => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map((e) => e.textContent);
  return prompts.length > 0 && prompts.every((text) => /\d/.test(text));
};

exports.someCellHasBegun = () =>
  [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].some((e) => /[\d*]/.test(e.textContent));

exports.chartsAreDrawn = ({ selector, wanted }) => document.querySelectorAll(selector).length >= wanted;

exports.lookAround = (charts) => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
  return {
    prompts: texts('.jp-CodeCell .jp-InputPrompt'),
    drawnCharts: texts(charts).length,
    drawnDiagrams: texts('.jp-RenderedMermaid svg, .jp-RenderedMermaid img').length,
    complaints: texts(
      '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]',
    ),
  };
};

/** Moves the first slider to its end and back, and says whether its chart followed; false where there is no slider. */
exports.moveSlider = async () => {
  const slider = document.querySelector('.vega-bind input[type="range"]');
  if (slider === null) return false;
  const canvas = slider.closest('.jp-RenderedVegaCommon5').querySelector('canvas');
  const before = canvas.toDataURL();
  const initial = slider.value;
  const set = (value) => {
    slider.value = value;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  };
  set(slider.max);
  for (let frame = 0; frame < 120 && canvas.toDataURL() === before; frame++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  const moved = canvas.toDataURL() !== before;
  set(initial);
  return moved;
};

exports.scrollToFirstChart = async () => {
  const shown = document.querySelector('.jp-RenderedVegaCommon5') ?? document.querySelector('.jp-Cell');
  shown.closest('.jp-Cell').scrollIntoView({ block: 'center' });
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
};

'use strict';

// Functions that run inside a page of the book, as those of in-page.cjs run inside JupyterLab: each is sent as its source.
/* global document, requestAnimationFrame */

/** Every chart has given way to its interactive form, and every diagram's text to its drawing. */
exports.bookIsDrawn = () =>
  [...document.querySelectorAll('figure.course-chart')].every((f) => f.querySelector('svg.marks') !== null) &&
  document.querySelector('pre.mermaid') === null;

exports.lookAtBookPage = () => {
  const count = (selector) => document.querySelectorAll(selector).length;
  return {
    charts: count('figure.course-chart'),
    drawnCharts: count('figure.course-chart svg.marks'),
    diagrams: count('pre.mermaid') + count('.diagram'),
    drawnDiagrams: count('.diagram svg'),
  };
};

/** Moves the first slider to its end, and says whether its chart followed; null where there is no slider. */
exports.moveBookSlider = async () => {
  const slider = document.querySelector('.vega-bind input[type="range"]');
  if (slider === null) return null;
  const chart = slider.closest('figure').querySelector('svg.marks');
  const before = chart.innerHTML;
  slider.value = slider.max;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  for (let frame = 0; frame < 120 && chart.innerHTML === before; frame++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return chart.innerHTML !== before;
};

'use strict';
/* global addEventListener, document, getComputedStyle, matchMedia, MutationObserver, URL */

// Draws charts and diagrams where scripts run; until then the picture and the diagram's text are shown. The libraries lie
// beside this file and are fetched by those pages only that need them.
(() => {
  const vendor = new URL('vendor/', document.currentScript.src);

  const load = (name) =>
    new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = new URL(name, vendor).href;
      script.addEventListener('load', () => resolve());
      script.addEventListener('error', () => reject(new Error(`${script.src} could not be loaded`)));
      document.head.append(script);
    });

  async function drawCharts(figures) {
    for (const name of ['vega.min.js', 'vega-lite.min.js', 'vega-embed.min.js']) await load(name);
    for (const figure of figures) {
      const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      const drawn = document.createElement('div');
      const actions = { export: true, source: false, compiled: false, editor: false };
      await globalThis.vegaEmbed(drawn, spec, { actions, renderer: 'svg' });
      // A picture alone otherwise, and no word for those who do not see it.
      drawn.querySelector('summary')?.setAttribute('aria-label', 'Save this chart');
      for (const label of drawn.querySelectorAll('.vega-bind')) nameSlider(label);
      figure.querySelector('.chart').replaceChildren(drawn);
    }
  }

  /** Vega writes a slider's name beside it, which only those who see it can tell. */
  function nameSlider(label) {
    const name = label.querySelector('.vega-bind-name')?.textContent ?? '';
    for (const input of label.querySelectorAll('input, select')) input.setAttribute('aria-label', name);
  }

  /** The theme's switch has three positions; "auto" asks the machine. */
  function isDark() {
    const { theme } = document.body.dataset;
    return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  }

  async function drawDiagrams(sources) {
    await load('mermaid.tiny.js');
    const diagrams = sources.map((pre) => {
      const place = document.createElement('div');
      place.className = 'diagram';
      place.setAttribute('role', 'img');
      place.setAttribute('aria-label', 'Diagram; the text after it says the same in words');
      return { pre, place, text: pre.textContent };
    });
    let drawnDark;
    const draw = async () => {
      if (drawnDark === isDark()) return;
      drawnDark = isDark();
      const theme = drawnDark ? 'dark' : 'default';
      const { fontFamily } = getComputedStyle(document.body);
      const flowchart = { wrappingWidth: 280 };
      // The dark theme's own is too light to read what stands on it.
      const themeVariables = drawnDark ? { edgeLabelBackground: '#1f1f1f' } : {};
      globalThis.mermaid.initialize({
        startOnLoad: false,
        securityLevel: 'strict',
        theme,
        themeVariables,
        fontFamily,
        flowchart,
      });
      for (const [index, { pre, place, text }] of diagrams.entries()) {
        const { svg } = await globalThis.mermaid.render(`diagram-${index}`, text);
        place.innerHTML = svg;
        if (pre.isConnected) pre.replaceWith(place);
      }
    };
    await draw();
    new MutationObserver(draw).observe(document.body, { attributeFilter: ['data-theme'] });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  }

  /** What is wider than the page can be scrolled with the keyboard, and what is not costs nobody a press of Tab. */
  function letKeyboardScroll() {
    for (const element of document.querySelectorAll(
      'article :is(pre, .cell_output, .table-wrapper, .diagram)',
    )) {
      if (element.scrollWidth > element.clientWidth) element.setAttribute('tabindex', '0');
      else element.removeAttribute('tabindex');
    }
  }

  letKeyboardScroll();
  addEventListener('resize', letKeyboardScroll);
  const figures = [...document.querySelectorAll('figure.course-chart')];
  const diagrams = [...document.querySelectorAll('pre.mermaid')];
  // An error stands in the console, and the page goes on showing what it showed before.
  if (figures.length > 0) void drawCharts(figures);
  if (diagrams.length > 0) void drawDiagrams(diagrams);
})();

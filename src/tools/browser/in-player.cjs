'use strict';

// Functions that run inside the page, not in Node: each is sent there as its source, so it must stand on its own.
/* global document, requestAnimationFrame, KeyboardEvent, innerWidth */

/** Frames that the page draws in two seconds. `key`: pressed on the time line before each of them, by turns with `andKey`. */
exports.framesWhile = async ({ keys }) => {
  const line = document.querySelector('.time-line');
  const end = performance.now() + 2000;
  let frames = 0;
  while (performance.now() < end) {
    const key = keys[frames % Math.max(1, keys.length)];
    if (key !== undefined) line.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    frames++;
  }
  return frames;
};

exports.lookAtPlayer = () => {
  const line = document.querySelector('.time-line');
  const texts = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
  return {
    position: Number(line?.getAttribute('aria-valuenow')),
    events: Number(line?.getAttribute('aria-valuemax')),
    complaints: texts('.complaints'),
    isWiderThanScreen: document.documentElement.scrollWidth > innerWidth,
    status: texts('[role="status"]').join(' '),
    text: document.body.textContent,
  };
};

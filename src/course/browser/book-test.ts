import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { UsageError } from '../../support/course-error';
import { coursePath } from '../../support/project-paths';
import { notebookFiles } from '../jupyter/clean-notebooks';
import { axe } from './accessibility-test';
import { bookIsDrawn, lookAtBookPage, moveBookSlider } from './in-book.cjs';
import { complaintsOf, inChromium, listenToPage } from './in-chromium';

/** Not the root of the server: a book has to work under any path. */
const SERVED_UNDER = '/courses/kafka/';
const SCREENSHOTS = coursePath('screenshots', 'book');
const WITHIN_MS = 30_000;
const LIGHT = { colorScheme: 'light', viewport: { width: 1300, height: 900 } } as const;
const DARK = { ...LIGHT, colorScheme: 'dark' } as const;
const NOTEBOOKS = notebookFiles().map((file) => `notebooks/${path.basename(file, '.ipynb')}.html`);
const WITH_CHARTS = 'notebooks/03-partitioning.html';
const EXERCISE = 'exercises/06-key-partitioner/README.html';

/** What somebody does with the book: a sentence, and what is wrong, one entry each. */
type Look = readonly [string, (browser: Browser, url: string) => Promise<string[]>];

const LOOKS: readonly Look[] = [
  ...['index.html', EXERCISE, ...NOTEBOOKS].map((page) => drawn(page, LIGHT)),
  ...['index.html', EXERCISE, ...NOTEBOOKS.slice(0, 4)].map((page) => drawn(page, DARK)),
  ['the search finds a setting, and leads to its page', search],
  ['a link leads from a notebook to its exercise, and from there to the stub', followLinks],
  ['the theme can be switched, and the diagrams follow', switchTheme],
  ['without scripts there are pictures, and the text of the diagrams', readWithoutScripts],
];

/** `npm run browser -- --book FOLDER`: serves a finished book and reads it in a real Chromium. True when all is as it should be. */
export async function runBookTest(folder: string): Promise<boolean> {
  const root = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
  if (!fs.existsSync(path.join(root, 'index.html'))) {
    throw new UsageError(`There is no book in "${folder}": npm run book -- --out ${folder} makes it.`);
  }
  const server = fastify();
  await server.register(fastifyStatic, { root, prefix: SERVED_UNDER });
  const url = (await server.listen({ host: '127.0.0.1', port: 0 })) + SERVED_UNDER;
  fs.mkdirSync(SCREENSHOTS, { recursive: true });
  let wrong = 0;
  try {
    await inChromium(async (browser) => {
      for (const [what, look] of LOOKS) {
        const complaints = await look(browser, url);
        wrong += complaints.length;
        if (complaints.length === 0) console.log(`${styleText('green', '✓')} ${what}`);
        for (const complaint of complaints) console.log(`${styleText('red', '✗')} ${what}: ${complaint}`);
      }
    });
  } finally {
    await server.close();
  }
  return wrong === 0;
}

/** Opens a page, lets `look` use it, and adds what the page did behind what is seen. */
async function onPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<string[]>,
): Promise<string[]> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(WITHIN_MS);
  const noise = listenToPage(page, url);
  try {
    await page.goto(url);
    const wrong = await look(page);
    return [...wrong, ...complaintsOf(noise)];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), ...complaintsOf(noise)];
  } finally {
    await page.close();
  }
}

function drawn(name: string, options: typeof LIGHT | typeof DARK): Look {
  const { colorScheme } = options;
  const look = (browser: Browser, url: string) =>
    onPage(browser, url + name, options, async (page) => {
      await waitUntilDrawn(page);
      const seen = await page.evaluate(lookAtBookPage);
      const sliderMoves = await page.evaluate(moveBookSlider);
      const picture = name.replaceAll('/', '-').replace('.html', `-${colorScheme}.png`);
      await page.screenshot({ path: path.join(SCREENSHOTS, picture) });
      const wrong = (await axe(page)).serious.map((finding) => `axe: ${finding}`);
      if (seen.drawnCharts < seen.charts)
        wrong.push(`${seen.drawnCharts} of ${seen.charts} charts are drawn`);
      if (seen.drawnDiagrams < seen.diagrams) wrong.push('a diagram is not drawn');
      if (name === WITH_CHARTS && seen.charts * seen.diagrams === 0)
        wrong.push('charts or diagram are missing');
      if (name === WITH_CHARTS ? sliderMoves !== true : sliderMoves === false) {
        wrong.push('the slider does not move its chart');
      }
      return wrong;
    });
  return [`${name} in ${colorScheme}`, look];
}

/** What has not come when time is up is told by what is seen then; a timeout here only ends the waiting. */
async function waitUntilDrawn(page: Page): Promise<void> {
  await page.waitForFunction(bookIsDrawn).catch(() => null);
}

function search(browser: Browser, url: string): Promise<string[]> {
  return onPage(browser, `${url}index.html`, LIGHT, async (page) => {
    await page.fill('.sidebar-search', 'max.block.ms');
    await page.press('.sidebar-search', 'Enter');
    const result = page.locator('#search-results a', { hasText: '02 · Configuration' }).first();
    await result.waitFor();
    await page.screenshot({ path: path.join(SCREENSHOTS, 'search-light.png') });
    const wrong = (await axe(page)).serious.map((finding) => `axe: ${finding}`);
    await result.click();
    await page.waitForURL(/02-configuration\.html/);
    return wrong;
  });
}

function followLinks(browser: Browser, url: string): Promise<string[]> {
  return onPage(browser, url + WITH_CHARTS, LIGHT, async (page) => {
    await page.locator('article a', { hasText: 'exercises/06-key-partitioner' }).first().click();
    await page.waitForURL(`${url}${EXERCISE}`);
    await page.locator('article a', { hasText: 'key-partitioner.ts' }).first().click();
    await page.locator('article pre', { hasText: 'TODO' }).waitFor();
    await page.screenshot({ path: path.join(SCREENSHOTS, 'stub-light.png') });
    const wrong = (await axe(page)).serious.map((finding) => `axe: ${finding}`);
    await page.locator('article a', { hasText: '06 · ' }).first().click();
    await page.waitForURL(`${url}${EXERCISE}`);
    return wrong;
  });
}

function switchTheme(browser: Browser, url: string): Promise<string[]> {
  return onPage(browser, url + WITH_CHARTS, LIGHT, async (page) => {
    await waitUntilDrawn(page);
    const diagram = page.locator('.diagram').first();
    const light = await diagram.innerHTML();
    const isDark = "document.body.dataset.theme === 'dark'";
    // From "as the machine" by way of "light", or the other way round.
    for (let clicks = 0; clicks < 3 && !(await page.evaluate<boolean>(isDark)); clicks++) {
      await page.locator('.content-icon-container .theme-toggle').click();
    }
    if (!(await page.evaluate<boolean>(isDark))) return ['three clicks on the switch do not make it dark'];
    const isNew = `document.querySelector('.diagram').innerHTML !== ${JSON.stringify(light)}`;
    await page.waitForFunction(isNew);
    return [];
  });
}

function readWithoutScripts(browser: Browser, url: string): Promise<string[]> {
  return onPage(browser, url + WITH_CHARTS, { ...LIGHT, javaScriptEnabled: false }, async (page) => {
    const picture = page.locator('figure.course-chart img').first();
    await picture.scrollIntoViewIfNeeded();
    const wrong: string[] = [];
    if (!(await picture.isVisible())) wrong.push('the first chart is not there');
    const alt = (await picture.getAttribute('alt')) ?? '';
    if (alt.length < 20) wrong.push(`the picture says "${alt}" to those who do not see it`);
    if (!(await page.locator('pre.mermaid').first().isVisible())) wrong.push('the diagram has no text');
    return wrong;
  });
}

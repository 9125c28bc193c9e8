import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { UsageError } from '../../support/course-error';
import { coursePath } from '../../support/project-paths';
import { notebookFiles } from '../../course/jupyter/clean-notebooks';
import { axe } from './accessibility-test';
import { bookIsDrawn, lookAtBookPage, moveBookSlider } from './in-book.cjs';
import { complaintsOf, inChromium, listenToPage } from './in-chromium';

/** Not the root of the server: a book has to work under any path. */
const SERVED_UNDER = '/courses/kafka/';
const SCREENSHOTS = coursePath('screenshots', 'book');
const WITHIN_MS = 30_000;
/** Who reads: pages that are read by the same share what the browser has fetched, and the theme that was chosen. */
const READERS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  switching: { colorScheme: 'light' },
  withoutScripts: { javaScriptEnabled: false },
} as const;
const VIEWPORT = { width: 1300, height: 900 };
const NOTEBOOKS = notebookFiles().map((file) => `notebooks/${path.basename(file, '.ipynb')}.html`);
const WITH_CHARTS = 'notebooks/03-partitioning.html';
const EXERCISE = 'exercises/06-key-partitioner/README.html';

type Reader = keyof typeof READERS;

/** What somebody does with the book: in words, who does it, where they begin, and how; the result is what is wrong. */
interface Look {
  readonly what: string;
  readonly reader: Reader;
  readonly page: string;
  readonly use: (page: Page, bookUrl: string) => Promise<string[]>;
}

const LOOKS: readonly Look[] = [
  ...['index.html', EXERCISE, ...NOTEBOOKS].map((page) => drawn(page, 'light')),
  ...['index.html', ...NOTEBOOKS.slice(0, 4)].map((page) => drawn(page, 'dark')),
  {
    what: 'the search finds a setting, and leads to its page',
    reader: 'light',
    page: 'index.html',
    use: search,
  },
  {
    what: 'a link leads from a notebook to its exercise, and from there to the stub and back',
    reader: 'light',
    page: WITH_CHARTS,
    use: followLinks,
  },
  {
    what: 'the theme can be switched, and the diagrams follow',
    reader: 'switching',
    page: WITH_CHARTS,
    use: switchTheme,
  },
  {
    what: 'without scripts there are pictures, and the text of the diagrams',
    reader: 'withoutScripts',
    page: WITH_CHARTS,
    use: readWithoutScripts,
  },
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
      const contexts = await openContexts(browser);
      for (const look of LOOKS) {
        const complaints = await take(look, contexts[look.reader], url);
        wrong += complaints.length;
        if (complaints.length === 0) console.log(`${styleText('green', '✓')} ${look.what}`);
        for (const complaint of complaints)
          console.log(`${styleText('red', '✗')} ${look.what}: ${complaint}`);
      }
    });
  } finally {
    await server.close();
  }
  return wrong === 0;
}

async function openContexts(browser: Browser): Promise<Record<Reader, BrowserContext>> {
  const open = (reader: Reader) => browser.newContext({ ...READERS[reader], viewport: VIEWPORT });
  return {
    light: await open('light'),
    dark: await open('dark'),
    switching: await open('switching'),
    withoutScripts: await open('withoutScripts'),
  };
}

/** What is wrong with what is seen, and with what the page did behind it. */
async function take(look: Look, context: BrowserContext, bookUrl: string): Promise<string[]> {
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const noise = listenToPage(page, bookUrl);
  try {
    await page.goto(bookUrl + look.page);
    const wrong = await look.use(page, bookUrl);
    return [...wrong, ...complaintsOf(noise)];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), ...complaintsOf(noise)];
  } finally {
    await page.close();
  }
}

/** A page with everything on it drawn, and nothing serious in anybody's way. */
function drawn(name: string, reader: 'light' | 'dark'): Look {
  const use = async (page: Page): Promise<string[]> => {
    await waitUntilDrawn(page);
    const seen = await page.evaluate(lookAtBookPage);
    const sliderMoves = await page.evaluate(moveBookSlider);
    await page.screenshot({
      path: pictureFile(`${name.replaceAll('/', '-').replace('.html', '')}-${reader}`),
    });
    const wrong = await findingsOfAxe(page);
    if (seen.drawnCharts < seen.charts) wrong.push(`${seen.drawnCharts} of ${seen.charts} charts are drawn`);
    if (seen.drawnDiagrams < seen.diagrams) wrong.push('a diagram is not drawn');
    if (name === WITH_CHARTS && seen.charts * seen.diagrams === 0)
      wrong.push('charts or diagram are missing');
    if (name === WITH_CHARTS ? sliderMoves !== true : sliderMoves === false) {
      wrong.push('the slider does not move its chart');
    }
    return wrong;
  };
  return { what: `${name} in ${reader}`, reader, page: name, use };
}

const pictureFile = (name: string): string => path.join(SCREENSHOTS, `${name}.png`);

async function findingsOfAxe(page: Page): Promise<string[]> {
  return (await axe(page)).serious.map((finding) => `axe: ${finding}`);
}

/** What has not come when time is up is told by what is seen then; a timeout here only ends the waiting. */
async function waitUntilDrawn(page: Page): Promise<void> {
  await page.waitForFunction(bookIsDrawn).catch(() => null);
}

async function search(page: Page): Promise<string[]> {
  await page.fill('.sidebar-search', 'max.block.ms');
  await page.press('.sidebar-search', 'Enter');
  const result = page.locator('#search-results a', { hasText: '02 · Configuration' }).first();
  await result.waitFor();
  await page.screenshot({ path: pictureFile('search-light') });
  const wrong = await findingsOfAxe(page);
  await result.click();
  await page.waitForURL(/02-configuration\.html/);
  return wrong;
}

async function followLinks(page: Page, bookUrl: string): Promise<string[]> {
  const follow = (text: string) => page.locator('article a', { hasText: text }).first().click();
  await follow('exercises/06-key-partitioner');
  await page.waitForURL(bookUrl + EXERCISE);
  await follow('key-partitioner.ts');
  await page.locator('article pre', { hasText: 'TODO' }).waitFor();
  await page.screenshot({ path: pictureFile('stub-light') });
  const wrong = await findingsOfAxe(page);
  await follow('06 · ');
  await page.waitForURL(bookUrl + EXERCISE);
  return wrong;
}

async function switchTheme(page: Page): Promise<string[]> {
  await waitUntilDrawn(page);
  const light = await page.locator('.diagram').first().innerHTML();
  const isDark = () => page.evaluate<boolean>("document.body.dataset.theme === 'dark'");
  // From "as the machine" by way of "light", or the other way round.
  for (let clicks = 0; clicks < 3 && !(await isDark()); clicks++) {
    await page.locator('.content-icon-container .theme-toggle').click();
  }
  if (!(await isDark())) return ['three clicks on the switch do not make it dark'];
  await page.waitForFunction(`document.querySelector('.diagram').innerHTML !== ${JSON.stringify(light)}`);
  return [];
}

async function readWithoutScripts(page: Page): Promise<string[]> {
  const picture = page.locator('figure.course-chart img').first();
  await picture.scrollIntoViewIfNeeded();
  const wrong: string[] = [];
  if (!(await picture.isVisible())) wrong.push('the first chart is not there');
  const alt = (await picture.getAttribute('alt')) ?? '';
  if (alt.length < 20) wrong.push(`the picture says "${alt}" to those who do not see it`);
  if (!(await page.locator('pre.mermaid').first().isVisible())) wrong.push('the diagram has no text');
  return wrong;
}

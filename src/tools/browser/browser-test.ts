import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import type { Browser } from 'playwright-core';
import { isAnswering } from '../../course/jupyter/jupyter-lab';
import { selectNotebooks } from '../../course/jupyter/run-notebooks';
import { projectRoot } from '../../support/project-paths';
import { findChromium } from './find-chromium';
import { complaintsOf, inChromium } from './in-chromium';
import { openNotebookPage, runAllCells, takePictures, takeScreenshot } from './notebook-page';
import type { NotebookPage, SeenNotebook } from './notebook-page';
import { startCourse } from './started-course';
import type { StartedCourse } from './started-course';

/** Shown by the README: the first chart of this notebook. */
const SHOWN = '03-partitioning';
const README_SCREENSHOT = path.join(projectRoot, 'docs', 'screenshot.png');
/** One picture of each notebook, for whoever wants to look. */
const SCREENSHOTS = path.join(projectRoot, '.course', 'screenshots');

export interface BrowserFlags {
  /** Words of notebooks' names; empty: all of them. */
  readonly names: readonly string[];
  /** Where a picture of every chart and diagram goes, in the light and in the dark theme; left out: none is taken. */
  readonly pictures?: string;
}

/** What a notebook's own text says that there will be to see. */
interface Expected {
  readonly charts: number;
  readonly hasDiagram: boolean;
  readonly hasSlider: boolean;
}

/**
 * `npm run browser`: starts the course as a learner does, opens every notebook in a real Chromium, runs it, and looks at
 * what is drawn. True when all is as it should be.
 */
export async function runBrowserTest({ names, pictures }: BrowserFlags): Promise<boolean> {
  findChromium(); // before anything is started: it may be all that is missing
  const files = selectNotebooks(names);
  const folder =
    pictures === undefined ? undefined : path.resolve(process.env['INIT_CWD'] ?? process.cwd(), pictures);
  const before = files.map((file) => fs.readFileSync(file));
  const course = await startCourse();
  let wrong = 0;
  const say = (complaints: readonly string[], what: string): void => {
    wrong += complaints.length;
    if (complaints.length === 0) console.log(`${styleText('green', '✓')} ${what}`);
    for (const complaint of complaints) console.log(`${styleText('red', '✗')} ${what}: ${complaint}`);
  };
  try {
    await inChromium(async (browser) => {
      for (const file of files) {
        const name = path.basename(file, '.ipynb');
        say(await lookAtNotebook(browser, course, { file, pictures: folder }), `${name} runs in Chromium`);
      }
    });
  } finally {
    await course.stop();
    // JupyterLab saves by itself, and the committed form has no outputs.
    for (const [index, file] of files.entries()) fs.writeFileSync(file, before[index]!);
  }
  const stillThere = await isAnswering(Number(new URL(course.url).port));
  say(stillThere ? ['JupyterLab still answers'] : [], 'Ctrl-C ends JupyterLab');
  const stderr = course.stderr().trim();
  say(stderr === '' ? [] : [stderr], 'npm start has nothing to complain of');
  return wrong === 0;
}

async function lookAtNotebook(
  browser: Browser,
  course: StartedCourse,
  { file, pictures }: { readonly file: string; readonly pictures?: string },
): Promise<string[]> {
  const name = path.basename(file, '.ipynb');
  const url = new URL(course.url);
  url.pathname = `/lab/tree/notebooks/${path.basename(file)}`;
  // A layout that an earlier notebook left would open that one as well.
  url.searchParams.set('reset', '');
  const notebook = await openNotebookPage(browser, url.href);
  try {
    const expected = expectedOf(file);
    const seen = await runAllCells(notebook.page, expected.charts);
    await takeScreenshots(notebook, name);
    if (pictures !== undefined) await takePictures(notebook.page, pictures, name);
    return judge(notebook, seen, expected);
  } finally {
    await notebook.page.close();
  }
}

async function takeScreenshots({ page }: NotebookPage, name: string): Promise<void> {
  fs.mkdirSync(SCREENSHOTS, { recursive: true });
  const file = path.join(SCREENSHOTS, `${name}.png`);
  await takeScreenshot(page, file);
  if (name === SHOWN) fs.copyFileSync(file, README_SCREENSHOT);
}

/** Each cell that says `await chart(…)` draws one at least. */
function expectedOf(file: string): Expected {
  const { cells } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    cells: { cell_type: string; source: string[] }[];
  };
  const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
  const text = cells.filter(({ cell_type }) => cell_type === 'markdown').map(({ source }) => source.join(''));
  return {
    charts: code.filter((source) => source.includes('await chart(')).length,
    hasDiagram: text.some((source) => source.includes('```mermaid')),
    hasSlider: code.some((source) => /await chart\((hotKey|queueWeights|batchFill)Chart/.test(source)),
  };
}

function judge(page: NotebookPage, seen: SeenNotebook, expected: Expected): string[] {
  const wrong: string[] = [];
  const unfinished = seen.prompts.filter((prompt) => !/\d/.test(prompt)).length;
  if (seen.prompts.length === 0 || unfinished > 0) {
    wrong.push(`${unfinished} of ${seen.prompts.length} cells did not end`);
  }
  const { charts, hasDiagram, hasSlider } = expected;
  if (seen.drawnCharts < charts) wrong.push(`${seen.drawnCharts} of ${charts} charts were drawn`);
  if (hasDiagram && seen.drawnDiagrams === 0) wrong.push('the diagram was not drawn');
  if (hasSlider && !seen.sliderMovesChart) wrong.push('the slider does not move its chart');
  wrong.push(...seen.complaints.map((text) => `a cell complains: ${text.trim()}`));
  wrong.push(...complaintsOf(page.noise));
  return wrong;
}

import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { chromium } from 'playwright-core';
import { isAnswering } from '../jupyter/jupyter-lab';
import { projectRoot } from '../../support/project-paths';
import { findChromium } from './find-chromium';
import {
  openNotebookPage,
  runAllCells,
  takeScreenshot,
  type NotebookPage,
  type SeenNotebook,
} from './notebook-page';
import { startCourse, type StartedCourse } from './started-course';

const NOTEBOOK = path.join(projectRoot, 'notebooks', '03-partitioning.ipynb');
/** Shown by the README. */
const SCREENSHOT = path.join(projectRoot, 'docs', 'screenshot.png');

/**
 * `npm run browser`: starts the course as a learner does, opens notebook 03 in a real Chromium, runs it, and looks at
 * what is drawn. True when all is as it should be.
 */
export async function runBrowserTest(): Promise<boolean> {
  const executablePath = findChromium();
  const before = fs.readFileSync(NOTEBOOK);
  const course = await startCourse();
  const wrong: string[] = [];
  try {
    wrong.push(...(await lookAtNotebook(executablePath, course)));
  } finally {
    await course.stop();
    if (await isAnswering(Number(new URL(course.url).port)))
      wrong.push('JupyterLab still answers after Ctrl-C');
    // JupyterLab saves by itself, and the committed form has no outputs.
    fs.writeFileSync(NOTEBOOK, before);
  }
  if (course.stderr() !== '') wrong.push(`npm start wrote to stderr: ${course.stderr().trim()}`);
  for (const complaint of wrong) console.log(`${styleText('red', '✗')} ${complaint}`);
  if (wrong.length === 0) {
    console.log(
      `${styleText('green', '✓')} 03-partitioning runs in Chromium; ${path.relative(projectRoot, SCREENSHOT)} written`,
    );
  }
  return wrong.length === 0;
}

async function lookAtNotebook(executablePath: string, course: StartedCourse): Promise<string[]> {
  // Without a sandbox, because root has none in a container; nothing but our own page is opened.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
  ];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const url = new URL(course.url);
    url.pathname = `/lab/tree/notebooks/${path.basename(NOTEBOOK)}`;
    const notebook = await openNotebookPage(browser, url.href);
    const seen = await runAllCells(notebook.page, countCharts());
    fs.mkdirSync(path.dirname(SCREENSHOT), { recursive: true });
    await takeScreenshot(notebook.page, SCREENSHOT);
    return judge(notebook, seen);
  } finally {
    await browser.close();
  }
}

/** Each cell that says `await chart(…)` draws one. */
function countCharts(): number {
  const { cells } = JSON.parse(fs.readFileSync(NOTEBOOK, 'utf8')) as {
    cells: { cell_type: string; source: string[] }[];
  };
  return cells.filter(
    ({ cell_type, source }) => cell_type === 'code' && source.join('').includes('await chart('),
  ).length;
}

function judge({ consoleErrors, foreignOrigins }: NotebookPage, seen: SeenNotebook): string[] {
  const wrong: string[] = [];
  const unfinished = seen.prompts.filter((prompt) => !/\d/.test(prompt)).length;
  if (seen.prompts.length === 0 || unfinished > 0) {
    wrong.push(`${unfinished} of ${seen.prompts.length} cells did not end`);
  }
  const charts = countCharts();
  if (seen.drawnCharts < charts) wrong.push(`${seen.drawnCharts} of ${charts} charts were drawn`);
  if (seen.drawnDiagrams === 0) wrong.push('the diagram was not drawn');
  if (!seen.sliderMovesChart) wrong.push('the slider does not move its chart');
  wrong.push(...seen.complaints.map((text) => `a cell complains: ${text.trim()}`));
  wrong.push(...consoleErrors.map((text) => `the console shows an error: ${text}`));
  wrong.push(...[...foreignOrigins].map((origin) => `the page asked another machine: ${origin}`));
  return wrong;
}

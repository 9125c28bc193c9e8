import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { listenToPage } from './in-chromium';
import type { PageNoise } from './in-chromium';
import {
  CHARTS,
  PICTURED,
  chartsAreDrawn,
  everyCellHasEnded,
  lookAround,
  moveSlider,
  scrollToFirstChart,
  someCellHasBegun,
  themeIs,
} from './in-page.cjs';

const LOADED_WITHIN_MS = 60_000;
const RUN_WITHIN_MS = 120_000;
const BEGUN_WITHIN_MS = 5_000;
const RUN_ATTEMPTS = 4;
/** Higher than any chart or diagram: what does not fit is not in the picture. */
const TALL = { width: 1440, height: 1800 };

/** What a person would see after "Run All Cells", and what the page did behind it. */
export interface SeenNotebook {
  /** The count in front of each code cell: "[1]:", or "[*]:" for one that never ended. */
  readonly prompts: readonly string[];
  readonly drawnCharts: number;
  readonly drawnDiagrams: number;
  /** Texts of outputs on stderr and of errors. */
  readonly complaints: readonly string[];
  readonly sliderMovesChart: boolean;
}

export interface NotebookPage {
  readonly page: Page;
  readonly noise: PageNoise;
}

export async function openNotebookPage(browser: Browser, url: string): Promise<NotebookPage> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const noise = listenToPage(page, url);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('.jp-NotebookPanel .jp-CodeCell', { timeout: LOADED_WITHIN_MS });
  await page.waitForSelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', {
    timeout: LOADED_WITHIN_MS,
    state: 'attached',
  });
  return { page, noise };
}

/** "Run All Cells" from the menu; resolves when every cell has ended and `charts` charts are drawn, or time is up. */
export async function runAllCells(page: Page, charts: number): Promise<SeenNotebook> {
  // JupyterLab drops the command without a word while the kernel of its first notebook is still being connected.
  for (let attempt = 0; attempt < RUN_ATTEMPTS; attempt++) {
    await chooseKernelIfAsked(page);
    await page.click('.jp-NotebookPanel .jp-Cell >> nth=0');
    await page.click('#jp-MainMenu >> text="Run"');
    await page.click('.lm-Menu >> text="Run All Cells"');
    const begun = page.waitForFunction(someCellHasBegun, null, { timeout: BEGUN_WITHIN_MS });
    if (await begun.catch(() => null)) break;
  }
  // What has not come when time is up is told by what is seen then; a timeout here only ends the waiting.
  await page.waitForFunction(everyCellHasEnded, null, { timeout: RUN_WITHIN_MS }).catch(() => null);
  const wanted = { selector: CHARTS, wanted: charts };
  await page.waitForFunction(chartsAreDrawn, wanted, { timeout: LOADED_WITHIN_MS }).catch(() => null);
  return { ...(await page.evaluate(lookAround, CHARTS)), sliderMovesChart: await page.evaluate(moveSlider) };
}

/** On a busy machine JupyterLab asks for a kernel, because "Run All Cells" came before the notebook's own was connected. */
async function chooseKernelIfAsked(page: Page): Promise<void> {
  const dialog = page.locator('.jp-Dialog').first();
  if (!(await dialog.isVisible())) return;
  const words = (await dialog.innerText()).replace(/\s+/g, ' ').trim();
  if (!words.includes('Select Kernel'))
    throw new Error(`JupyterLab shows a dialog in front of the notebook: "${words}".`);
  await dialog.locator('.jp-mod-accept').click();
}

/** A picture of the window with the first chart in it. */
export async function takeScreenshot(page: Page, file: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(scrollToFirstChart);
  await page.screenshot({ path: file });
}

/** A picture of every chart and diagram, as it stands in the page, in the light theme and in the dark one. */
export async function takePictures(page: Page, folder: string, name: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  await page.setViewportSize(TALL);
  for (const theme of ['dark', 'light'] as const) {
    await chooseTheme(page, theme);
    const shown = page.locator(PICTURED);
    for (let index = 0; index < (await shown.count()); index++) {
      const number = String(index + 1).padStart(2, '0');
      await shown.nth(index).screenshot({ path: path.join(folder, `${name}-${number}-${theme}.png`) });
    }
  }
}

/** By the menu, as a person would; what was chosen stays chosen, so the light theme has to come last. */
async function chooseTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.click('#jp-MainMenu >> text="Settings"');
  await page.click('.lm-Menu >> text="Theme"');
  await page.click(`.lm-Menu >> text="JupyterLab ${theme === 'light' ? 'Light' : 'Dark'}"`);
  await page.waitForFunction(themeIs, theme);
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
}

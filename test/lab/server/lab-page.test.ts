import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { findChromium } from '../../../src/tools/browser/find-chromium';
import { startLab } from '../support/lab-process';
import type { LabProcess } from '../support/lab-process';

function chromiumPath(): string | null {
  try {
    return findChromium();
  } catch {
    return null;
  }
}

const executablePath = chromiumPath();
const describeInBrowser = executablePath === null ? describe.skip : describe;

describeInBrowser(
  `the live page in Chromium${executablePath === null ? ' (skipped: none is installed)' : ''}`,
  () => {
    let kafka: CourseKafka;
    let lab: LabProcess;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    const foreign: string[] = [];

    beforeAll(async () => {
      kafka = await useKafka();
      lab = await startLab(kafka);
      // Without a sandbox, because root has none in a container; only our own page is opened.
      browser = await chromium.launch({
        executablePath: executablePath ?? '',
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-background-networking',
          '--disable-component-update',
        ],
      });
      page = await browser.newPage();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) foreign.push(request.url());
      });
      await page.goto(lab.url);
    });
    afterAll(async () => {
      await browser.close();
      await lab.stop();
      await kafka.stop();
    });

    const press = async (path: string) => page.click(`form[data-path="${path}"] button`);
    /** Resolves when the last answer on the page is that of this step. */
    const answered = (step: string) =>
      page.waitForFunction(`document.getElementById('result-of').textContent === ': ${step}'`);
    const marks = (chart: string, kind: string) => page.locator(`#${chart} .mark-${kind} path`).count();

    it('draws its charts before anything was sent', async () => {
      await page.waitForSelector('#partitions svg');
      for (const chart of ['records-per-batch', 'queue-time', 'partitions']) {
        expect(await page.locator(`#${chart} svg`).count()).toBe(1);
      }
    });

    it('moves while a load runs: points over time, and bars that grow', async () => {
      await press('/api/producer/low-latency');
      await answered('Low latency');
      await page.waitForFunction(
        `document.querySelectorAll('#records-per-batch .mark-symbol path').length > 0`,
      );
      const before = await marks('records-per-batch', 'symbol');
      await press('/api/producer/high-throughput');
      await answered('High throughput');
      await page.waitForFunction(
        `document.querySelectorAll('#records-per-batch .mark-symbol path').length > ${before}`,
      );
      expect(await marks('queue-time', 'symbol')).toBeGreaterThan(0);
      await page.waitForFunction(
        `[...document.querySelectorAll('#partitions .mark-rect path')].some((bar) => bar.getBBox().height > 20)`,
      );
    });

    it('shows the partition of a priority order, and the sentence when something is wrong', async () => {
      await page.selectOption('select[name="priority"]', 'HIGH');
      await press('/api/producer/priority-order');
      await answered('Priority order');
      expect(await page.textContent('#result')).toContain('"partition": 0');
      await page.evaluate(`document.querySelector('input[name="lingerMs"]').setAttribute('max', '')`);
      await page.fill('input[name="lingerMs"]', '99999');
      await press('/api/producer/benchmark');
      await page.waitForSelector('#result.error');
      expect(await page.textContent('#result')).toBe('lingerMs must be at most 10000, not 99999.');
    });

    it('asked nobody but the lab, and the browser had nothing to complain about', () => {
      expect(foreign).toEqual([]);
      // The 400 that the test before asked for.
      expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
    });
  },
);

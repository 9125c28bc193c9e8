import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { styleText } from 'node:util';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { useKafka } from '../../broker/index';
import { comparedBarsChart } from '../../charts/compared-bars';
import { partitionDistributionChart } from '../../charts/partition-distribution';
import { startLabServer } from '../../lab/server/index';
import { coursePath, projectRoot } from '../../support/project-paths';
import { gradingHead, totals } from '../../course/grading/grading';
import { testId } from '../../course/grading/result';
import type { ExerciseResult, GradingResult } from '../../course/grading/result';
import { chartDrawer } from '../../course/report/draw-charts';
import { writeHtmlReport } from '../../course/report/html-report';
import { inChromium } from './in-chromium';

const AXE = path.join(projectRoot, 'node_modules', 'axe-core', 'axe.min.js');
const SCHEMES = ['light', 'dark'] as const;
const DRAWN_WITHIN_MS = 30_000;
/** What keeps people out. axe also knows "minor" and "moderate", which are told and do not fail. */
const SERIOUS = ['serious', 'critical'];

/** What was found on one page, in one colour scheme. */
interface Findings {
  readonly where: string;
  readonly serious: readonly string[];
  readonly others: readonly string[];
}

/**
 * Part of `npm run browser`: axe looks at the report and at the lab's live page in Chromium, in light and in dark, and the
 * report is walked through by keyboard. True when nothing serious is in anybody's way.
 */
export async function runAccessibilityTest(): Promise<boolean> {
  const findings: Findings[] = [];
  await inChromium(async (browser) => {
    for (const scheme of SCHEMES) findings.push(await lookAtReport(browser, scheme));
    findings.push(...(await lookAtLab(browser)));
  });
  for (const { where, serious, others } of findings) {
    const mark = serious.length === 0 ? styleText('green', '✓') : styleText('red', '✗');
    const less = others.length === 0 ? '' : ` (${others.length} that are not: ${others.join('; ')})`;
    console.log(`${mark} ${where}: ${serious.length} serious findings of axe${less}`);
    for (const finding of serious) console.log(`    ${finding}`);
  }
  return findings.every(({ serious }) => serious.length === 0);
}

async function lookAtReport(browser: Browser, colorScheme: 'light' | 'dark'): Promise<Findings> {
  const file = coursePath('accessibility', 'report.html');
  await writeSampleReport(file);
  const page = await browser.newPage({ colorScheme, viewport: { width: 900, height: 700 } });
  await page.goto(pathToFileURL(file).href);
  // Drawn means: the picture has given way to the interactive chart.
  await page.waitForFunction("document.querySelectorAll('.vega-embed svg.marks').length === 2", null, {
    timeout: DRAWN_WITHIN_MS,
  });
  const closed = await axe(page);
  const unreachable = await unreachableByKeyboard(page);
  await page.close();
  return {
    where: `report, ${colorScheme}`,
    serious: [...closed.serious, ...unreachable],
    others: closed.others,
  };
}

/** Every status, a message and two charts: whatever a report can hold, wherever this machine's last grading got to. */
async function writeSampleReport(file: string): Promise<void> {
  const draw = chartDrawer('accessibility');
  const charts = [
    await draw('sample', 1, partitionDistributionChart({ measured: [10, 12, 9], expected: [10, 11, 10] })),
    await draw(
      'sample',
      2,
      comparedBarsChart({
        bars: [
          { name: 'defaults', value: 12, role: 'baseline' },
          { name: 'your answer', value: 480, role: 'answer' },
        ],
        measure: 'records per batch',
        title: 'Forty times as many records in each batch',
      }),
    ),
  ];
  const statuses = ['pass', 'fail', 'error', 'timeout', 'todo', 'not-judged'] as const;
  const exercises = statuses.map((status, index): ExerciseResult => {
    const message =
      status === 'pass' ? '' : `Seen: ${'a long line '.repeat(30)}\nExpected: another\nRead on: there`;
    const slug = `0${index + 1}-sample`;
    const score = status === 'pass' ? 1 : 0;
    const notJudged = status === 'not-judged' ? 1 : 0;
    const name = `a test that is ${status}`;
    return {
      ...{ slug, status, score, maxScore: 1, missing: false, notJudged, durationMs: 1200 },
      tests: [{ id: testId(slug, name), name, status, message, durationMs: 1200, score, maxScore: 1 }],
      charts: status === 'pass' ? charts : [],
    };
  });
  const kafka = { kind: 'embedded', version: '4.4.0', brokers: 1 };
  const result: GradingResult = { ...gradingHead(kafka), ...totals(exercises), exercises };
  writeHtmlReport(file, 'Report with one of everything', [{ id: 'sample', heading: 'Sample', result }]);
  fs.rmSync(path.join(projectRoot, 'reports', 'accessibility'), { recursive: true });
}

/** Tab has to reach every link, table and chart; Enter has to open a chart's table. Then axe looks at the open tables too. */
async function unreachableByKeyboard(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  const tables = await page.locator('details > summary:text("The figures as a table")').count();
  if (tables < 2) wrong.push(`${tables} of 2 charts have a table of their figures`);
  let opened = 0;
  await page.locator('body').focus();
  for (let presses = 0; presses < 100 && opened < tables; presses++) {
    await page.keyboard.press('Tab');
    const onTable = await page.evaluate<boolean>(
      "document.activeElement?.matches('figure > details > summary') ?? false",
    );
    if (!onTable) continue;
    await page.keyboard.press('Enter');
    opened += 1;
  }
  const visible = await page.locator('figure > details[open] table').count();
  if (visible !== tables) wrong.push(`the keyboard opened ${visible} of ${tables} tables`);
  return [...wrong, ...(await axe(page)).serious];
}

async function lookAtLab(browser: Browser): Promise<Findings[]> {
  const kafka = await useKafka();
  try {
    const lab = await startLabServer({ kafka, port: 0 });
    try {
      const findings: Findings[] = [];
      for (const colorScheme of SCHEMES) {
        const page = await browser.newPage({ colorScheme });
        await page.goto(`${lab.url}/`);
        await page.locator('form button').first().click();
        await page.waitForSelector('.vega-embed svg.marks, .vega-embed canvas', { timeout: DRAWN_WITHIN_MS });
        findings.push({ where: `live page of the lab, ${colorScheme}`, ...(await axe(page)) });
        await page.close();
      }
      return findings;
    } finally {
      await lab.close();
    }
  } finally {
    await kafka.stop();
  }
}

/** What axe has to say of a page as it is now. */
export async function axe(page: Page): Promise<Pick<Findings, 'serious' | 'others'>> {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  const told = (wanted: boolean): string[] =>
    violations
      .filter(({ impact }) => SERIOUS.includes(impact ?? '') === wanted)
      .map(({ id, impact, help, nodes }) => {
        const first = nodes[0]?.html.slice(0, 120) ?? '';
        return `${id} (${impact}): ${help}, ${nodes.length} times, first at ${first}`;
      });
  return { serious: told(true), others: told(false) };
}

import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { styleText } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { bundlePlayer } from '../../course/player/bundle-player';
import { playerPage } from '../../course/player/player-page';
import { playgroundPage } from '../../course/player/playground-page';
import { runPlayground } from '../../player/run/run-playground';
import { SCENARIOS } from '../../player/run/scenarios';
import { coursePath } from '../../support/project-paths';
import { complaintsOf, inChromium, listenToPage } from './in-chromium';
import { longRun } from './long-run';
import {
  runAllScenarios,
  useKeyboard,
  changeSettings,
  brokenAddress,
  openBadFiles,
  withoutScripts,
  reducedMotion,
  scrubManyEvents,
} from './player-looks';
import { ready, see, shot, serious, expected, SCREENSHOTS } from './player-page';

const FOLDER = coursePath('player');
const WITHIN_MS = 30_000;
const LAPTOP = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 800 };
const LARGEST_BUNDLE = 400 * 1024;
const MANY_EVENTS = 50_000;

interface Look {
  readonly what: string;
  readonly file?: 'playground' | 'run' | 'long';
  readonly hash?: string;
  readonly as?: BrowserContextOptions;
  /** It measures time, which another program on the machine can spoil: only `npm run browser -- --player` takes it. */
  readonly isTimed?: boolean;
  /** What is wrong. */
  readonly use: (page: Page) => Promise<string[]>;
}

/** Part of `npm run browser`: the playground from a file, and the player with a run, in a real Chromium. True when all is well. */
export async function runPlayerTest({ timed }: { readonly timed: boolean }): Promise<boolean> {
  fs.mkdirSync(SCREENSHOTS, { recursive: true });
  let wrong = await writePages();
  await inChromium(async (browser) => {
    for (const look of LOOKS.filter(({ isTimed = false }) => timed || !isTimed)) {
      const complaints = await take(browser, look);
      wrong += complaints.length;
      if (complaints.length === 0) console.log(`${styleText('green', '✓')} ${look.what}`);
      for (const complaint of complaints) console.log(`${styleText('red', '✗')} ${look.what}: ${complaint}`);
    }
  });
  return wrong === 0;
}

const pageFile = (name: string): string => path.join(FOLDER, `${name}.html`);

async function writePages(): Promise<number> {
  fs.mkdirSync(FOLDER, { recursive: true });
  const script = await bundlePlayer('notebook-entry');
  const playground = await playgroundPage();
  const lost = SCENARIOS.find(({ id }) => id === 'cure')!;
  fs.writeFileSync(pageFile('playground'), playground);
  fs.writeFileSync(pageFile('run'), playerPage(await runPlayground(lost), { follow: 9 }, script));
  fs.writeFileSync(pageFile('long'), playerPage(await longRun(MANY_EVENTS), {}, script));
  const size = gzipSync(playground, { level: 9 }).length;
  console.log(
    `The playground takes ${(size / 1024).toFixed(0)} KB compressed, the player alone ${(gzipSync(script).length / 1024).toFixed(0)} KB.`,
  );
  if (size <= LARGEST_BUNDLE) return 0;
  console.log(`${styleText('red', '✗')} that is more than ${LARGEST_BUNDLE / 1024} KB`);
  return 1;
}

async function take(
  browser: Browser,
  { file = 'playground', hash = '', as = {}, use }: Look,
): Promise<string[]> {
  const context = await browser.newContext({ viewport: LAPTOP, ...as });
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const url = pathToFileURL(pageFile(file)).href;
  const noise = listenToPage(page, url);
  try {
    await page.goto(url + hash);
    return [...(await use(page)), ...complaintsOf(noise)];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), ...complaintsOf(noise)];
  } finally {
    await context.close();
  }
}

const LOOKS: readonly Look[] = [
  ...(['light', 'dark'] as const).flatMap((colorScheme): Look[] => [
    {
      what: `a scenario in ${colorScheme}: first the prediction, then the run`,
      as: { colorScheme },
      use: predictAndPlay(colorScheme),
    },
    {
      what: `the player with a run in ${colorScheme}: a record is followed`,
      file: 'run',
      as: { colorScheme },
      use: followRecord(colorScheme),
    },
    {
      what: `two futures side by side in ${colorScheme}`,
      hash: '#scenario=duplicate&fork=enable.idempotence:true&fork-at=40',
      as: { colorScheme },
      use: compare(colorScheme),
    },
    {
      what: `a phone in ${colorScheme}`,
      hash: '#scenario=leader&moment=150',
      as: { colorScheme, viewport: PHONE },
      use: onPhone(colorScheme),
    },
  ]),
  { what: 'every scenario gives in the page what it gives in Node', use: runAllScenarios },
  { what: 'everything works by keyboard', hash: '#scenario=cure&moment=20', use: useKeyboard },
  {
    what: 'all settings can be changed, and what a producer refuses is a sentence',
    hash: '#scenario=free',
    use: changeSettings,
  },
  {
    what: 'an address that makes no sense is a sentence',
    hash: '#scenario=nothing&set=linger.ms:often,colour:red&moment=x',
    use: brokenAddress,
  },
  { what: 'files that are no runs are sentences', use: openBadFiles },
  { what: 'without scripts there is a sentence', as: { javaScriptEnabled: false }, use: withoutScripts },
  {
    what: 'with reduced motion requests do not move',
    hash: '#scenario=linger&moment=220',
    as: { reducedMotion: 'reduce' },
    use: reducedMotion,
  },
  { what: `${MANY_EVENTS} events can be scrubbed`, file: 'long', isTimed: true, use: scrubManyEvents },
];

function predictAndPlay(scheme: string) {
  return async (page: Page): Promise<string[]> => {
    await ready(page);
    await shot(page, `scenario-locked-${scheme}`);
    const locked = await page.locator('.play').isDisabled();
    const before = await serious(page);
    await page.locator('.options button').first().click();
    await page.locator('.play').click();
    await page.waitForFunction(
      "Number(document.querySelector('.time-line').getAttribute('aria-valuenow')) > 5",
    );
    await page.locator('.play').click();
    await page.locator('.time-line').focus();
    for (let presses = 0; presses < 2; presses++) await page.keyboard.press('PageDown');
    await page.locator('.verdict button').first().click();
    await shot(page, `scenario-${scheme}`);
    const { complaints } = await see(page);
    return [
      ...expected(locked, 'it can be played without a prediction'),
      ...before,
      ...complaints,
      ...(await serious(page)),
    ];
  };
}

function followRecord(scheme: string) {
  return async (page: Page): Promise<string[]> => {
    await ready(page);
    await page.locator('.time-line').focus();
    await page.keyboard.press('PageDown');
    const followed = await page.locator('.inspector h3').textContent();
    const steps = await page.locator('.inspector .events li').count();
    await shot(page, `record-${scheme}`);
    const wrong = await serious(page);
    await page.locator('.inspector .link').first().click();
    await page.waitForSelector('.bytes');
    await page.locator('.bytes').focus();
    for (let presses = 0; presses < 16; presses++) await page.keyboard.press('ArrowRight');
    await page.locator('.field .link').click();
    const back = await page.locator('.inspector h3').textContent();
    await page.goBack().catch(() => null);
    return [
      ...wrong,
      ...expected(followed === 'Record 9', `the inspector shows ${followed}`),
      ...expected(steps >= 8, `the way of the record has ${steps} steps`),
      ...expected(/^Record \d+$/.test(back ?? ''), 'a byte does not lead to its send()'),
    ];
  };
}

function compare(scheme: string) {
  return async (page: Page): Promise<string[]> => {
    await page.waitForSelector('.differences table');
    await page.locator('text=To the end').click();
    await shot(page, `futures-${scheme}`);
    const heads = await page.locator('.differences thead th').allTextContents();
    const repeats = await page.locator('.side .entry.repeat').count();
    return [
      ...expected(heads.includes('records written twice'), `what differs is ${heads.join(', ')}`),
      ...expected(repeats === 1, `${repeats} batches are marked as written twice`),
      ...(await serious(page)),
    ];
  };
}

function onPhone(scheme: string) {
  return async (page: Page): Promise<string[]> => {
    await ready(page);
    await shot(page, `phone-${scheme}`);
    await page.screenshot({ path: path.join(SCREENSHOTS, `phone-whole-${scheme}.png`), fullPage: true });
    const { isWiderThanScreen } = await see(page);
    return [...expected(!isWiderThanScreen, 'the page is wider than the screen'), ...(await serious(page))];
  };
}

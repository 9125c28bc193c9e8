import type { Page } from 'playwright-core';
import { readableEvents } from '../../player/model/readable-events';
import { RunIndex } from '../../player/model/run-index';
import { summarize } from '../../player/model/run-summary';
import { runPlayground } from '../../player/run/run-playground';
import { SCENARIOS } from '../../player/run/scenarios';
import { framesWhile } from './in-player.cjs';
import { ready, see, shot, serious, expected } from './player-page';

const MANY_EVENTS = 50_000;

export async function runAllScenarios(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  for (const scenario of SCENARIOS) {
    const run = await runPlayground(scenario);
    const index = new RunIndex(readableEvents(run.events).events);
    const right = scenario.options.findIndex(({ holds }) => holds({ index, summary: summarize(index) }));
    await page.locator('.page-head select').selectOption(scenario.id);
    await page.waitForSelector(`.player[aria-label="${scenario.title}"]`);
    const { events, complaints } = await see(page);
    await page.locator('.options button').nth(right).click();
    await page.locator('.verdict button').first().click();
    const verdict = await page.locator('.verdict [role="status"]').textContent();
    if (events !== run.events.length)
      wrong.push(`${scenario.id} has ${events} events in the page and ${run.events.length} in Node`);
    if (!verdict?.startsWith('Right.')) wrong.push(`${scenario.id}: the page says ${verdict}`);
    wrong.push(...complaints);
    await page.locator('text=Show the moment').click();
    await shot(page, `scenario-of-${scenario.id}`);
  }
  return wrong;
}

export async function useKeyboard(page: Page): Promise<string[]> {
  await ready(page);
  const wrong: string[] = [];
  const press = async (key: string, to: (before: number, events: number) => number): Promise<void> => {
    const before = await see(page);
    await page.keyboard.press(key);
    await page.waitForTimeout(50);
    const { position, status } = await see(page);
    const wanted = to(before.position, before.events);
    if (position !== wanted) wrong.push(`${key} goes from event ${before.position} to ${position}`);
    if (position > 0 && status.trim() === '') wrong.push(`${key} is not announced`);
  };
  await page.locator('.time-line').focus();
  await press('ArrowRight', (position) => position + 1);
  await press('ArrowLeft', (position) => position - 1);
  await press('PageDown', (position, events) => Math.min(events, position + 100));
  await press('End', (_, events) => events);
  await press('Home', () => 0);
  await page.keyboard.press(' ');
  await page.waitForFunction(
    "Number(document.querySelector('.time-line').getAttribute('aria-valuenow')) > 2",
  );
  await page.keyboard.press(' ');
  // Tab reaches the batches and the records of the picture, and Enter opens them.
  await page.keyboard.press('PageDown');
  let opened = false;
  for (let presses = 0; presses < 80 && !opened; presses++) {
    await page.keyboard.press('Shift+Tab');
    const onEntry = await page.evaluate<boolean>("document.activeElement?.matches('button.entry') ?? false");
    if (!onEntry) continue;
    await page.keyboard.press('Enter');
    opened = (await page.locator('.inspector h3', { hasText: 'Batch' }).count()) === 1;
  }
  return [...wrong, ...expected(opened, 'the keyboard does not open a batch of a log')];
}

export async function changeSettings(page: Page): Promise<string[]> {
  await page.locator('.page-head button', { hasText: 'Settings' }).click();
  await page.waitForSelector('dialog[open]');
  await shot(page, 'settings');
  const wrong = await serious(page);
  await page.locator('[id="setting-acks"]').selectOption('1');
  await page.locator('[id="setting-delivery.timeout.ms"]').fill('30');
  await page.locator('dialog .primary').click();
  await page.waitForSelector('.complaints');
  const { complaints } = await see(page);
  await shot(page, 'refused');
  return [
    ...wrong,
    ...expected(
      /refuses these settings: .*delivery\.timeout\.ms/.test(complaints.join()),
      `it says ${complaints.join()}`,
    ),
  ];
}

export async function brokenAddress(page: Page): Promise<string[]> {
  await ready(page);
  const { complaints } = await see(page);
  return expected(complaints.length === 4, `it says: ${complaints.join(' ')}`);
}

export async function openBadFiles(page: Page): Promise<string[]> {
  await ready(page);
  const files: readonly [name: string, content: string, wanted: RegExp][] = [
    ['garbage.json', 'no json', /garbage\.json cannot be shown/],
    ['other.json', '{"some":"thing"}', /This is not a run/],
    ['empty.json', '{"version":1,"title":"Empty","events":[]}', /has no events, so there is nothing to see/],
    [
      'unknown.json',
      '{"version":1,"title":"Odd","events":[{"stage":"teleported","atMs":1},{"stage":"send"}]}',
      /unknown stage "teleported".*could not be read/,
    ],
  ];
  const wrong: string[] = [];
  for (const [name, content, wanted] of files) {
    await page
      .locator('.file input')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
    await page
      .waitForFunction(
        `new RegExp(${JSON.stringify(wanted.source)}).test([...document.querySelectorAll('.complaints')].map((e) => e.textContent).join(' '))`,
        null,
        { timeout: 5000 },
      )
      .catch(async () => wrong.push(`${name}: it says ${(await see(page)).complaints.join(' ')}`));
  }
  return wrong;
}

export async function withoutScripts(page: Page): Promise<string[]> {
  const text = await page.locator('noscript').textContent();
  return expected(/scripts are switched off/.test(text ?? ''), 'there is no sentence');
}

export async function reducedMotion(page: Page): Promise<string[]> {
  await ready(page);
  const lefts = await page
    .locator('.request')
    .evaluateAll((all) => all.map((one) => (one as unknown as { offsetLeft: number }).offsetLeft));
  return expected(lefts.length > 0 && lefts.every((left) => left === 0), `requests are at ${lefts.join()}`);
}

/** As a ratio to a page with nothing on it: 30 frames of 60. */
const LEAST_SHARE_OF_FRAMES = 0.5;

export async function scrubManyEvents(page: Page): Promise<string[]> {
  await ready(page);
  const loadedMs = await page.evaluate<number>('performance.now()');
  const scrubbed = await page.evaluate(framesWhile, { keys: ['PageDown', 'PageDown', 'PageDown', 'PageUp'] });
  const jumped = await page.evaluate(framesWhile, { keys: ['End', 'Home', 'PageDown', 'End', 'PageUp'] });
  await shot(page, 'many-events');
  await page.goto('about:blank');
  const empty = await page.evaluate(framesWhile, { keys: [] });
  console.log(
    `  ${MANY_EVENTS} events: there after ${Math.round(loadedMs)} ms; frames in two seconds: ${empty} on an empty page, ${scrubbed} while scrubbing, ${jumped} while jumping`,
  );
  return [
    ...expected(
      scrubbed >= LEAST_SHARE_OF_FRAMES * empty,
      `scrubbing draws ${scrubbed} frames, an empty page ${empty}`,
    ),
    ...expected(
      jumped >= LEAST_SHARE_OF_FRAMES * empty,
      `jumping draws ${jumped} frames, an empty page ${empty}`,
    ),
  ];
}

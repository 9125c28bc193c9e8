import { readinessMapChart } from '../../../src/charts/readiness-map';
import { renderSvg } from '../../../src/charts/render';
import { tryBatchReadiness } from '../../../src/course/notebook/try-batch-readiness';
import { isSendable } from '../../../src/producer/index';
import type { IsSendable } from '../../../src/producer/index';

let printed: string[];
beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => jest.restoreAllMocks());

const tried = async (rule: IsSendable) => {
  await tryBatchReadiness(rule);
  return printed.join('\n');
};

test('the right rule agrees in every case', async () => {
  expect(await tried(isSendable)).toMatch(/Your rule agrees with Kafka's in all \d+ cases/);
});

test.each([
  ['never goes', () => false],
  ['always goes', () => true],
  ['forgets muted', (batch, around, nowMs) => isSendable(batch, { ...around, muted: false }, nowMs)],
  ['forgets the backoff', (batch, around, nowMs) => isSendable({ ...batch, attempts: 0 }, around, nowMs)],
  ['is late by one', (batch, around, nowMs) => isSendable(batch, around, nowMs - 1)],
  ['is full only above', (batch, around, nowMs) => isSendable(batch, { ...around, batchSize: 1001 }, nowMs)],
] as [string, IsSendable][])('one that %s differs', async (_, rule) => {
  expect(await tried(rule)).toMatch(/Your rule differs from Kafka's in \d+ of \d+ cases/);
});

test('a stub is told the way, a failure its reason, and a wrong type what is wanted', async () => {
  await tried(() => raise('not started yet'));
  await tried(() => raise('boo'));
  await tried((() => undefined) as unknown as IsSendable);
  expect(printed).toEqual([
    expect.stringMatching(/^Not started yet: open exercises\/04-batch-readiness/),
    'Your answer to 04-batch-readiness failed: Error: boo',
    'Your rule returned undefined: it has to return true or false.',
  ]);
});

test('what is wrong stands out in the map', async () => {
  const answer = { situation: 'nothing special', waitedMs: 1, sizeInBytes: 5, goes: true, shouldGo: false };
  await expect(renderSvg(readinessMapChart({ answers: [answer] }))).resolves.toContain(
    'goes, and should not',
  );
});

function raise(message: string): never {
  throw new Error(message);
}

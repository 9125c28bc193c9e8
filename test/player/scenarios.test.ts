import { summarize } from '../../src/player/model/run-summary';
import { Timeline } from '../../src/player/model/timeline';
import { readableEvents } from '../../src/player/model/readable-events';
import { runPlayground } from '../../src/player/run/run-playground';
import { SCENARIOS } from '../../src/player/run/scenarios';
import type { Outcome, Scenario } from '../../src/player/run/scenarios';

async function outcomeOf(scenario: Scenario, change = {}): Promise<Outcome> {
  const { title, settings } = scenario;
  const run = await runPlayground({ title, settings: { ...settings, ...change } });
  const { events, complaints } = readableEvents(run.events);
  expect(complaints).toEqual([]);
  const { index } = new Timeline(events);
  return { index, summary: summarize(index) };
}

test('there are at least 14 scenarios, each with a name of its own', () => {
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(14);
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
});

describe.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))('scenario %s', (_, scenario) => {
  test('exactly one of its options is what the producer did', async () => {
    const outcome = await outcomeOf(scenario);
    const right = scenario.options.filter(({ holds }) => holds(outcome)).map(({ text }) => text);
    expect({ right, count: right.length, summary: outcome.summary }).toMatchObject({ count: 1 });
  });

  test('has the moment that it points at', async () => {
    const { index } = await outcomeOf(scenario);
    const moment = scenario.moment(index);
    expect(moment).toBeGreaterThanOrEqual(0);
    expect(moment).toBeLessThan(index.events.length);
  });

  test('every record is settled, and what it suggests next changes something', async () => {
    const before = await outcomeOf(scenario);
    const after = await outcomeOf(scenario, scenario.next.change);
    const { sends, acknowledged, failed, rejected } = before.summary;
    expect(acknowledged + failed + rejected).toBe(sends);
    expect(after.summary).not.toEqual(before.summary);
  });
});

import type { PlayerRun } from '../../player/model/player-run';
import { INITIAL_SETTINGS } from '../../player/run/playground-settings';
import { runPlayground } from '../../player/run/run-playground';
import type { TraceEvent } from '../../trace/trace-event';

/** A run of at least so many events: one run after the other, with numbers, offsets and times that go on. */
export async function longRun(events: number): Promise<PlayerRun> {
  const settings = {
    ...INITIAL_SETTINGS,
    brokers: 3,
    partitions: 6,
    records: 500,
    everyMs: 1,
    loseResponse: 7,
  };
  const run = await runPlayground({ title: `A run of ${events} events`, settings });
  const rounds = Math.ceil(events / run.events.length);
  const lengthMs = run.events[run.events.length - 1]!.atMs + 1;
  const all = Array.from({ length: rounds }, (_, round) =>
    run.events.map((event) => moved(event, round, lengthMs)),
  );
  return { ...run, events: all.flat(), bytes: undefined };
}

const NUMBERS_IN_A_ROUND = 1000;

function moved(event: TraceEvent, round: number, lengthMs: number): TraceEvent {
  const by = round * NUMBERS_IN_A_ROUND;
  const copy: Record<string, unknown> = { ...event, atMs: event.atMs + round * lengthMs };
  for (const name of ['record', 'batch', 'request']) {
    if (typeof copy[name] === 'number') copy[name] += by;
  }
  for (const name of ['batches', 'pieces']) {
    if (Array.isArray(copy[name])) copy[name] = (copy[name] as number[]).map((number) => number + by);
  }
  if (typeof copy['producerId'] === 'bigint') copy['producerId'] += BigInt(round);
  return copy as unknown as TraceEvent;
}

import type { RunIndex } from '../model/run-index';
import type { Outcome, Stage } from './scenario';

export const first =
  (stage: Stage, holds: (event: RunIndex['events'][number]) => boolean = () => true) =>
  (index: RunIndex): number =>
    index.events.findIndex((event) => event.stage === stage && holds(event));

export const atRequest = (request: number) =>
  first('request-sent', (event) => 'request' in event && event.request === request);

export const between = (value: number, from: number, to: number) => value >= from && value < to;

/** Records of each partition, in order, as the logs hold them. */
export const written = ({ index }: Outcome): number[] =>
  [...index.logs.values()].map((log) => log[log.length - 1]?.recordsSoFar ?? 0);

export const distinctIds = ({ index }: Outcome): number =>
  new Set([...index.logs.values()].flatMap((log) => log.map(({ producerId }) => producerId))).size;

export function longestBlockedMs({ index }: Outcome): number {
  let longest = 0;
  for (const { sentAt, appendedAt, rejectedAt } of index.records.values()) {
    const end = appendedAt === -1 ? rejectedAt : appendedAt;
    if (sentAt === -1 || end === -1) continue;
    longest = Math.max(longest, index.events[end]!.atMs - index.events[sentAt]!.atMs);
  }
  return longest;
}

/** Share of the records that went to the partitions of one broker. */
export function shareOfBroker({ index }: Outcome, node: number): number {
  let own = 0;
  let all = 0;
  for (const log of index.logs.values()) {
    for (const entry of log) {
      all += entry.records;
      if (entry.node === node) own += entry.records;
    }
  }
  return all === 0 ? 0 : own / all;
}

export const one = { partitions: 1, brokers: 1 } as const;

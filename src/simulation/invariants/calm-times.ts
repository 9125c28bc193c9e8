import type { ProducerRecord, RunRecord } from '../run-record';

/** What the producer may take besides linger and backoffs, before it is said to sleep. */
const REACTION_MS = 100;
const JITTER = 1.2;

/** The longest time for which a producer may have a reason to do nothing while the cluster is well. */
export function longestPauseMs({ settings }: ProducerRecord): number {
  const { lingerMs, retryBackoffMs, retryBackoffMaxMs, reconnectBackoffMs, reconnectBackoffMaxMs } = settings;
  const backoffMs = Math.max(retryBackoffMs, retryBackoffMaxMs, reconnectBackoffMs, reconnectBackoffMaxMs);
  return Math.max(lingerMs, backoffMs * JITTER) + REACTION_MS;
}

/** When everything that the schedule does to the cluster is over, from the start of the run. */
export function calmAfterMs({ schedule }: RunRecord): number {
  const { events, topics, network } = schedule;
  const { failoverMs = 0, metadataDelayMs = 0 } = network;
  const endsMs = [
    ...events.map((event) => event.atMs + ('forMs' in event ? event.forMs : 0) + throttleOf(event)),
    ...topics.map(({ createdAtMs = 0 }) => createdAtMs),
  ];
  return Math.max(0, ...endsMs) + failoverMs + metadataDelayMs;
}

function throttleOf(event: RunRecord['schedule']['events'][number]): number {
  return event.kind === 'throttle' ? event.throttleMs : 0;
}

import type { ObservedRequest, ProducerRecord } from '../run-record';
import type { Invariant } from './invariant';

/** A single batch that is larger than `max.request.size` goes alone, as in Java: it would never get smaller by waiting. */
export const requestsKeepLimits: Invariant = {
  number: 6,
  promise:
    'at most max.in.flight.requests.per.connection requests per broker, and no request above max.request.size',
  *check(run) {
    for (const producer of run.run.producers) {
      for (const request of producer.requests) {
        const message = limitBroken(producer, request);
        if (message === null) continue;
        yield { message, records: [], producer: producer.index, atMs: request.sentMs };
      }
    }
  },
};

function limitBroken({ settings }: ProducerRecord, request: ObservedRequest): string | null {
  const { number, node, inFlight, batches } = request;
  const what = `Request ${number} to broker ${node}`;
  if (inFlight > settings.maxInFlightRequests)
    return `${what} was sent with ${inFlight - 1} requests to it in flight: max.in.flight.requests.per.connection is ${settings.maxInFlightRequests}.`;
  const size = batches.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (size > settings.maxRequestSize && batches.length > 1)
    return `${what} has ${batches.length} batches of ${size} bytes together: max.request.size is ${settings.maxRequestSize}.`;
  const partitions = new Set(batches.map(({ topic, partition }) => `${topic}-${partition}`));
  if (partitions.size < batches.length) return `${what} has two batches of one partition.`;
  return null;
}

import fc from 'fast-check';
import { ERROR_CODES, MALFORMATIONS } from './schedule-choices';
import { among, defined, rarely, sometimes } from './schedule-chance';
import type { ClusterAction, ClusterEvent, NetworkPlan, RequestFault, TopicName } from './schedule';
import type { RequestKind, SimulatedFault } from './simulated-request';

const nodes = among(1, 2, 3);
const durations = among(10, 100, 500, 3000);
const topics: fc.Arbitrary<TopicName> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: among('orders' as const) },
  { weight: 1, arbitrary: among('payments' as const) },
);

export const clusterActions: fc.Arbitrary<ClusterAction> = fc.oneof(
  fc.record({ kind: among('stop-broker'), node: nodes, forMs: durations }),
  fc.record({ kind: among('move-leader'), topic: topics, partition: among(0, 1), node: nodes }),
  fc.record({ kind: among('pause-replication'), node: nodes, forMs: durations }),
  fc.record({ kind: among('close-connections'), node: nodes }),
  fc.record({ kind: among('add-partitions'), topic: topics, partitions: among(2, 4, 8) }),
  fc.record({ kind: among('recreate-topic'), topic: topics, forMs: among(0, 10, 100, 500) }),
  fc.record({ kind: among('revoke-credentials', 'refuse-certificate'), forMs: durations }),
  fc.record({ kind: among('revoke-write'), topic: topics, forMs: durations }),
  fc.record({ kind: among('revoke-idempotent-write'), forMs: durations }),
  fc.record({ kind: among('throttle'), throttleMs: among(50, 500), forMs: durations }),
  fc.record({ kind: among('forget-producer-ids') }),
);

/** Small numbers more often: most of a schedule happens soon. */
export const eventTimes = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 5000 }) },
);

/** In half of the schedules nothing happens to the cluster. */
export const clusterEvents: fc.Arbitrary<readonly ClusterEvent[]> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.tuple(eventTimes, clusterActions).map(([atMs, action]) => ({ atMs, ...action })),
      { minLength: 1, maxLength: 3, size: 'max' },
    ),
  },
);

export function errorsOf(request: RequestKind): fc.Arbitrary<SimulatedFault> {
  return fc
    .record({
      kind: among('error'),
      errorCode: among(...ERROR_CODES[request]),
      errorMessage: rarely(among('the broker’s own words')),
      recordErrors:
        request === 'produce'
          ? rarely(among([{ batchIndex: 0, message: 'record 0 is wrong' }]))
          : fc.constant(undefined),
      partitions: request === 'produce' ? sometimes(among([0], [1])) : fc.constant(undefined),
    })
    .map((fault) => defined(fault));
}

function faults(request: RequestKind): fc.Arbitrary<SimulatedFault> {
  return fc.oneof(
    { weight: 5, arbitrary: errorsOf(request) },
    { weight: 3, arbitrary: among({ kind: 'response-lost' }) },
    { weight: 2, arbitrary: among({ kind: 'request-lost' }) },
    { weight: 1, arbitrary: among({ kind: 'connection-closed' }) },
    {
      weight: 2,
      arbitrary: fc
        .record({
          kind: among('delay'),
          requestMs: sometimes(among(30, 150, 2000)),
          responseMs: sometimes(among(30, 150, 2000)),
        })
        .map((fault) => defined(fault)),
    },
    { weight: 1, arbitrary: fc.record({ kind: among('no-response'), processed: among(true, false) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: among('malformed'),
        how: among(...MALFORMATIONS),
      }),
    },
  );
}

/** The first requests are hit, up to number `last`. */
export function requestFaultsOf(
  request: RequestKind,
  fault: fc.Arbitrary<SimulatedFault>,
  last: number,
): fc.Arbitrary<RequestFault> {
  return fc.record({
    request: fc.constant(request),
    nth: fc.integer({ min: 1, max: last }),
    times: fc.oneof(
      { withCrossShrink: true },
      { weight: 3, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: among(2, 5, 1000) },
    ),
    fault,
  });
}

function anyFault(request: RequestKind, last: number): fc.Arbitrary<RequestFault> {
  return requestFaultsOf(request, faults(request), last);
}

/** In half of the schedules every request gets its response. */
export const requestFaults: fc.Arbitrary<readonly RequestFault[]> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.oneof(
        { withCrossShrink: true },
        { weight: 6, arbitrary: anyFault('produce', 6) },
        { weight: 1, arbitrary: anyFault('metadata', 3) },
        { weight: 1, arbitrary: anyFault('init-producer-id', 3) },
      ),
      { minLength: 1, maxLength: 3, size: 'max' },
    ),
  },
);

interface ChosenNetwork {
  readonly minMs: number;
  readonly extraMs: number;
  readonly replicationMs?: number | undefined;
  readonly metadataDelayMs?: number | undefined;
  readonly failoverMs?: number | undefined;
}

/** A response takes from `minMs` to `minMs + extraMs`. */
export function networkPlan({ minMs, extraMs, ...rest }: ChosenNetwork): NetworkPlan {
  return { minMs, maxMs: minMs + extraMs, ...defined(rest) };
}

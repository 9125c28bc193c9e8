import fc from 'fast-check';
import type { ProducerConfig } from '../producer/producer-config-values';
import { among, defined, mostly, rarely, sometimes } from './schedule-chance';
import { CONFIG_CHOICES } from './schedule-choices';
import { deliveryTimeout } from './schedule-config-arbitrary';
import {
  clusterActions,
  errorsOf,
  eventTimes,
  networkPlan,
  requestFaultsOf,
} from './schedule-fault-arbitrary';
import type { ClusterEvent, RequestFault, Schedule, SendStep, Step, TopicPlan } from './schedule';
import type { SimulatedFault } from './simulated-request';

/**
 * Schedules in which what matters comes together: chosen one by one, a small memory, records of several sizes, and code that
 * does not wait would meet in one schedule of hundreds.
 */

const IN_FLIGHT = 'max.in.flight.requests.per.connection';

interface Theme {
  readonly brokers: fc.Arbitrary<number>;
  readonly partitions: fc.Arbitrary<number>;
  readonly topicConfig?: fc.Arbitrary<Readonly<Record<string, string>>>;
  readonly config: fc.Arbitrary<ProducerConfig>;
  readonly steps: fc.Arbitrary<readonly Step[]>;
  readonly events: fc.Arbitrary<readonly ClusterEvent[]>;
  readonly faults: fc.Arbitrary<readonly RequestFault[]>;
}

function themed({
  brokers,
  partitions,
  topicConfig,
  config,
  steps,
  events,
  faults,
}: Theme): fc.Arbitrary<Schedule> {
  const topic: fc.Arbitrary<TopicPlan> = fc
    .record({
      name: fc.constant('orders' as const),
      partitions,
      config: topicConfig ?? fc.constant(undefined),
    })
    .map((plan) => defined(plan));
  return fc.record({
    seed: fc.nat(0xffff),
    brokers,
    topics: topic.map((plan) => [plan]),
    producers: fc.record({ config, steps, untraced: rarely(among(true)) }).map((plan) => [defined(plan)]),
    events,
    faults,
    network,
  });
}

const network = fc
  .record({
    minMs: among(1, 0, 5),
    extraMs: among(0, 10, 100),
    metadataDelayMs: rarely(among(5, 50)),
  })
  .map(networkPlan);

/** Idempotent, or with one request in flight: order is promised. */
const keepsOrder: fc.Arbitrary<ProducerConfig> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: among(1, 2).map((inFlight) => ({ [IN_FLIGHT]: inFlight })) },
  { weight: 2, arbitrary: among({ 'enable.idempotence': false, [IN_FLIGHT]: 1 }) },
);

/** It shows sooner that a producer does nothing. */
const SHORT_BACKOFFS = { 'retry.backoff.max.ms': 100, 'reconnect.backoff.max.ms': 100 };

const times: fc.Arbitrary<ProducerConfig> = fc
  .record({
    requestTimeoutMs: among(1000, 100, 20),
    extraMs: among(1000, 100, 0, 5000),
    lingerMs: among(0, 5, 20),
    backoff: among<ProducerConfig>({}, SHORT_BACKOFFS, { ...SHORT_BACKOFFS, 'retry.backoff.ms': 10 }),
  })
  .map(({ requestTimeoutMs, extraMs, lingerMs, backoff }) => {
    const config = { 'linger.ms': lingerMs, 'request.timeout.ms': requestTimeoutMs, 'max.block.ms': 1000 };
    return { ...config, ...backoff, ...deliveryTimeout(config, extraMs) };
  });

function configs(...parts: fc.Arbitrary<ProducerConfig>[]): fc.Arbitrary<ProducerConfig> {
  return fc.tuple(...parts).map((chosen) => Object.assign({}, ...chosen) as ProducerConfig);
}

interface Sending {
  readonly most: number;
  readonly values: fc.Arbitrary<SendStep['value']>;
}

function sendsOf({ most, values }: Sending): fc.Arbitrary<SendStep> {
  return fc
    .record({
      do: fc.constant('send' as const),
      count: fc.integer({ min: 1, max: most }),
      partition: mostly(
        fc.oneof(
          { withCrossShrink: true },
          { weight: 4, arbitrary: fc.constant(0) },
          { weight: 2, arbitrary: fc.constant('each' as const) },
        ),
      ),
      value: mostly(values),
      callback: sometimes(among('plain' as const)),
    })
    .map((step) => defined(step));
}

const pauses = among(20, 100, 300, 5, 1000).map((ms) => ({ do: 'pause' as const, ms }));

/** Sends with pauses between them, in which what was sent has time to fail and to be retried. */
function spread(sending: Sending, most: number): fc.Arbitrary<readonly Step[]> {
  const sends = sendsOf(sending);
  return fc
    .array(fc.tuple(sends, sometimes(pauses)), { minLength: 1, maxLength: most, size: 'max' })
    .map((pairs) => pairs.flatMap(([send, pause]): Step[] => (pause === undefined ? [send] : [send, pause])));
}

/** The broker knows the producer before the rest is sent: several requests may be in flight then. */
function afterTheFirst(sending: Sending, most: number): fc.Arbitrary<readonly Step[]> {
  const first: Step = { do: 'send', count: 1, partition: 0, wait: 'get' };
  return fc.oneof(
    spread(sending, most),
    spread(sending, most).map((steps) => [first, ...steps]),
  );
}

const none = fc.constant([]);

function some<T>(arbitrary: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly T[]> {
  return fc.array(arbitrary, { minLength: 1, maxLength: most, size: 'max' });
}

function events(most: number): fc.Arbitrary<readonly ClusterEvent[]> {
  return some(
    fc.tuple(eventTimes, clusterActions).map(([atMs, action]) => ({ atMs, ...action })),
    most,
  );
}

const lateOrLost: fc.Arbitrary<SimulatedFault> = fc.oneof(
  fc.oneof(
    { weight: 2, arbitrary: among({ kind: 'response-lost' } as const) },
    { weight: 1, arbitrary: among({ kind: 'request-lost' } as const) },
  ),
  fc.record({ kind: among('delay'), responseMs: among(150, 1500) }),
  fc.record({ kind: among('no-response'), processed: among(true, false) }),
  errorsOf('produce'),
);

/** None in so many cases, against one with up to `most` faults that hit the first six Produce requests. */
function fewFaults(casesWithout: number, most: number): fc.Arbitrary<readonly RequestFault[]> {
  return fc.oneof(
    { weight: casesWithout, arbitrary: none },
    { weight: 1, arbitrary: some(requestFaultsOf('produce', lateOrLost, 6), most) },
  );
}

/** Many small batches of few partitions, several in flight, and requests that fail. */
export const pipelines: fc.Arbitrary<Schedule> = themed({
  brokers: among(1, 2),
  partitions: among(1, 2, 3),
  config: configs(keepsOrder, times, among({ 'batch.size': 0 }, { 'batch.size': 100 })),
  steps: afterTheFirst({ most: 8, values: among(10, 50, 100) }, 4),
  events: fc.oneof({ weight: 3, arbitrary: none }, { weight: 1, arbitrary: events(1) }),
  faults: some(requestFaultsOf('produce', lateOrLost, 9), 3),
});

/** Batches that are larger than the topic takes. */
export const largeBatches: fc.Arbitrary<Schedule> = themed({
  brokers: among(1, 2),
  partitions: among(1, 2),
  topicConfig: among('150', '90', '300', '1000').map((bytes) => ({ 'max.message.bytes': bytes })),
  config: configs(
    keepsOrder,
    times,
    among<ProducerConfig>({}, { 'batch.size': 400 }, { 'batch.size': 1000 }),
    among<ProducerConfig>({}, {}, {}, { 'compression.type': 'gzip' }),
  ),
  steps: afterTheFirst({ most: 20, values: among<SendStep['value']>(10, 30, 100, 'mixed') }, 3),
  events: none,
  faults: fewFaults(2, 2),
});

/** Leaders that move, topics that are recreated, brokers that stop, while code goes on sending. */
export const movingClusters: fc.Arbitrary<Schedule> = themed({
  brokers: among(2, 3),
  partitions: among(1, 2, 3),
  config: configs(
    fc.oneof(
      { weight: 3, arbitrary: keepsOrder },
      { weight: 1, arbitrary: among<ProducerConfig>({ acks: '1' }) },
    ),
    times,
    among<ProducerConfig>({}, { 'batch.size': 0 }),
    among<ProducerConfig>({}, { 'metadata.max.age.ms': 100 }),
  ),
  steps: spread({ most: 5, values: among(10, 100) }, 5),
  events: events(4),
  faults: fewFaults(3, 1),
});

/** Records of several sizes wait for memory. */
export const tightMemories: fc.Arbitrary<Schedule> = themed({
  brokers: among(1, 2),
  partitions: among(1, 2, 4),
  config: configs(
    keepsOrder,
    times,
    fc.record({ 'batch.size': among(100, 200, 400, 0), 'buffer.memory': among(1000, 2000, 500, 4000) }),
    among<ProducerConfig>({}, ...CONFIG_CHOICES['max.block.ms'].map((ms) => ({ 'max.block.ms': ms }))),
  ),
  steps: spread({ most: 20, values: among<SendStep['value']>('mixed', 300, 10, 600, 100) }, 4),
  events: none,
  faults: fewFaults(2, 2),
});

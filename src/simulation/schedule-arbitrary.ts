import fc from 'fast-check';
import { inShortTime, producerConfigs } from './schedule-config-arbitrary';
import { GOOD_PARTS, TOPIC_CONFIG_CHOICES, WRONG_PARTS } from './schedule-choices';
import { among, defined, rarely, sometimes } from './schedule-chance';
import { clusterEvents, networkPlan, requestFaults } from './schedule-fault-arbitrary';
import type { ProducerPlan, Schedule, TopicPlan, UserParts } from './schedule';
import { steps } from './schedule-step-arbitrary';
import { largeBatches, movingClusters, pipelines, tightMemories } from './schedule-themes';
import { fitted } from './schedule-fitted';

/** Which schedules are generated. */
export interface ScheduleFamily {
  /** User code that does not keep to the rules of its interface, which takes most promises back. Default true. */
  readonly misbehavingParts?: boolean;
  /** More than one producer. Default true. */
  readonly severalProducers?: boolean;
}

/** Schedules as fast-check generates and shrinks them: what is listed first, or is left out, is the simpler choice. */
export function schedules(family: ScheduleFamily = {}): fc.Arbitrary<Schedule> {
  const { misbehavingParts = true, severalProducers = true } = family;
  const producers = fc.array(producerPlans(misbehavingParts), {
    minLength: 1,
    maxLength: 2,
    size: 'max',
  });
  const anything: fc.Arbitrary<Schedule> = fc.record({
    seed: fc.nat(0xffff),
    brokers: among(1, 2, 3),
    topics: topicPlans,
    producers: severalProducers
      ? fc.oneof(
          { withCrossShrink: true },
          { weight: 8, arbitrary: producerPlans(misbehavingParts).map((plan) => [plan]) },
          { weight: 2, arbitrary: producers },
        )
      : producerPlans(misbehavingParts).map((plan) => [plan]),
    events: clusterEvents,
    faults: requestFaults,
    network,
  });
  return fc
    .oneof(
      { weight: 10, arbitrary: anything },
      { weight: 4, arbitrary: pipelines },
      { weight: 2, arbitrary: largeBatches },
      { weight: 3, arbitrary: movingClusters },
      { weight: 2, arbitrary: tightMemories },
    )
    .map(fitted);
}

const network = fc
  .record({
    minMs: among(1, 0, 5, 30),
    extraMs: among(0, 1, 10, 100),
    replicationMs: rarely(among(1, 20, 200)),
    metadataDelayMs: rarely(among(5, 50, 500)),
    failoverMs: rarely(among(10, 100, 1000)),
  })
  .map(networkPlan);

const topicConfigs = fc
  .record({
    'cleanup.policy': rarely(among(...TOPIC_CONFIG_CHOICES['cleanup.policy'])),
    'max.message.bytes': rarely(among(...TOPIC_CONFIG_CHOICES['max.message.bytes'])),
    'min.insync.replicas': rarely(among(...TOPIC_CONFIG_CHOICES['min.insync.replicas'])),
    'message.timestamp.type': rarely(among(...TOPIC_CONFIG_CHOICES['message.timestamp.type'])),
    'message.timestamp.before.max.ms': rarely(
      among(...TOPIC_CONFIG_CHOICES['message.timestamp.before.max.ms']),
    ),
    'compression.type': rarely(among(...TOPIC_CONFIG_CHOICES['compression.type'])),
    'unclean.leader.election.enable': rarely(
      among(...TOPIC_CONFIG_CHOICES['unclean.leader.election.enable']),
    ),
  })
  .map((config) => defined(config));

function topicPlan(name: 'orders' | 'payments'): fc.Arbitrary<TopicPlan> {
  return fc
    .record({
      name: fc.constant(name),
      partitions: among(1, 2, 4, 3),
      config: topicConfigs,
      createdAtMs: rarely(among(5, 50, 300, 2000)),
    })
    .map(({ config, ...rest }) =>
      defined({ ...rest, config: Object.keys(config).length === 0 ? undefined : config }),
    );
}

const topicPlans: fc.Arbitrary<readonly TopicPlan[]> = fc.oneof(
  { withCrossShrink: true },
  { weight: 8, arbitrary: topicPlan('orders').map((plan) => [plan]) },
  { weight: 2, arbitrary: fc.tuple(topicPlan('orders'), topicPlan('payments')) },
);

const goodParts: fc.Arbitrary<UserParts> = fc
  .record({
    interceptor: rarely(among(...GOOD_PARTS.interceptor)),
    reusesBuffer: sometimes(among(...GOOD_PARTS.reusesBuffer)),
    partitioner: rarely(among(...GOOD_PARTS.partitioner)),
    bufferPool: rarely(among(...GOOD_PARTS.bufferPool)),
    sequenceTracker: rarely(among(...GOOD_PARTS.sequenceTracker)),
    traceThrows: rarely(among(...GOOD_PARTS.traceThrows)),
  })
  .map((parts) => defined(parts));

const wrongParts: fc.Arbitrary<UserParts> = fc.oneof(
  among(...WRONG_PARTS.bufferPool).map((bufferPool) => ({ bufferPool })),
  among(...WRONG_PARTS.isSendable).map((isSendable) => ({ isSendable })),
  among(...WRONG_PARTS.sequenceTracker).map((sequenceTracker) => ({ sequenceTracker })),
);

function producerPlans(misbehavingParts: boolean): fc.Arbitrary<ProducerPlan> {
  const parts = misbehavingParts
    ? fc.oneof(
        { withCrossShrink: true },
        { weight: 12, arbitrary: goodParts },
        {
          weight: 1,
          arbitrary: fc.tuple(goodParts, wrongParts).map(([good, wrong]) => ({ ...good, ...wrong })),
        },
      )
    : goodParts;
  return fc
    .record({
      config: producerConfigs,
      steps,
      parts,
      afterPrevious: sometimes(among(true)),
      turnCostMs: rarely(among(0.3, 2)),
      untraced: rarely(among(true)),
    })
    .map(({ parts: chosen, config, ...rest }) =>
      defined({
        // A part that never lets anything go makes the producer wait, and look again, until all time is over.
        config: chosen.isSendable === undefined ? config : inShortTime(config, 100),
        ...rest,
        parts: Object.keys(chosen).length === 0 ? undefined : chosen,
      }),
    );
}

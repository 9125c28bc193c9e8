import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import type { LogEntry } from '../../charts/log-repeats';
import type { ProducerConfig } from '../../producer/index';
import { bytesProducer } from '../load/course-producer';
import type { BytesProducer } from '../load/course-producer';
import { auditDelivery, readLoggedRecords } from '../log/delivery-audit';
import type { DeliveryAudit, SentRecord } from '../log/delivery-audit';
import { startFaultProxy } from '../faults/fault-proxy';
import type { FaultRule } from '../faults/fault-proxy';
import { orderBytes, takeOrders } from '../order';

export interface BadNetworkOptions {
  /** The producer's config, as a learner writes it; bootstrap.servers is filled in. */
  readonly config?: ProducerConfig;
  /** Chooses the orders and which requests suffer. */
  readonly seed?: number;
  readonly records?: number;
  readonly partitions?: number;
  /** Default: `BAD_DAY`. */
  readonly faults?: readonly FaultRule[];
}

export interface BadNetworkReport extends DeliveryAudit {
  readonly seed: number;
  /** Faults that were done, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly produceRequests: number;
}

const NOT_LEADER_OR_FOLLOWER = 6;
const NOT_ENOUGH_REPLICAS_AFTER_APPEND = 20;

/** What networks do to requests, each now and then. A connection that breaks takes everything with it that is in flight on it. */
export const BAD_DAY: readonly FaultRule[] = [
  { fault: { kind: 'kill-after-write' }, probability: 0.15 },
  { fault: { kind: 'kill-before-write' }, probability: 0.15 },
  { fault: { kind: 'delay-request', ms: 10 }, probability: 0.1 },
  { fault: { kind: 'delay-response', ms: 20 }, probability: 0.1 },
];

/**
 * What brokers do that change places. For a producer with one request in flight only: with several, a request that is
 * refused twice while later ones are written would fall out of the five batches that a broker remembers of a producer id,
 * and could never be told from a duplicate again. A broker itself refuses the later ones, too; this proxy does not.
 */
export const MOVING_LEADERS: readonly FaultRule[] = [
  { fault: { kind: 'refuse', errorCode: NOT_LEADER_OR_FOLLOWER }, probability: 0.1 },
  { fault: { kind: 'replace-answer', errorCode: NOT_ENOUGH_REPLICAS_AFTER_APPEND }, probability: 0.1 },
];

const RELIABILITY_SETTINGS = [
  'acks',
  'enable.idempotence',
  'retries',
  'max.in.flight.requests.per.connection',
] as const;

/** What decides about delivery. Times and sizes stay the experiment's own, so that it takes seconds with any config. */
export function reliabilitySettings(config: ProducerConfig): ProducerConfig {
  const said = RELIABILITY_SETTINGS.filter((name) => name in config);
  return Object.fromEntries(said.map((name) => [name, config[name]]));
}

/**
 * Sends records through a network where requests and answers get lost at random, and holds what the producer was told
 * against what the log says. With a reliable config nothing is missing, doubled or out of order, whatever the seed.
 */
export async function sendThroughBadNetwork(
  kafka: KafkaDescription,
  options: BadNetworkOptions = {},
): Promise<BadNetworkReport> {
  const { config = {}, seed = 1, records = 200, partitions = 3, faults = BAD_DAY } = options;
  return withTopic(kafka, { name: 'bad-network', partitions }, async (topic) => {
    const proxy = await startFaultProxy({ bootstrapServers: kafka.bootstrapServers, seed });
    const producer = bytesProducer(
      { ...proxy, connection: kafka.connection },
      // Small batches, so that there are requests enough to suffer.
      { 'batch.size': 700, 'linger.ms': 0, 'retry.backoff.ms': 10, 'reconnect.backoff.ms': 10, ...config },
    );
    try {
      await introduce(producer, topic, partitions);
      for (const rule of faults) proxy.addFault(rule);
      const outcomes = takeOrders(records, { seed }).map(async (order, index): Promise<SentRecord> => {
        const sent = { id: order.orderId, partition: index % partitions };
        try {
          const { partition } = sent;
          const future = await producer.send({ topic, partition, key: sent.id, value: orderBytes(order) });
          await future.get();
          return { ...sent, error: null };
        } catch (error) {
          return { ...sent, error: String(error) };
        }
      });
      const sent = await Promise.all(outcomes);
      if (proxy.failures[0] !== undefined) throw proxy.failures[0];
      const log = await readLoggedRecords(kafka, topic, partitions);
      const audit = auditDelivery(
        sent,
        log.filter(({ id }) => id !== INTRODUCTION),
      );
      const done: Record<string, number> = {};
      for (const { fault } of proxy.faults) done[fault.kind] = (done[fault.kind] ?? 0) + 1;
      const produceRequests = proxy.requests.filter(({ kind }) => kind === 'Produce').length;
      return { ...audit, seed, faults: done, produceRequests };
    } finally {
      await producer.close({ timeoutMs: 1000 });
      await proxy.close();
    }
  });
}

/** What happened to the connection, in words: for the subtitle of a chart. */
export function brokenConnections({ faults }: BadNetworkReport): string {
  const { 'kill-after-write': answers = 0, 'kill-before-write': requests = 0 } = faults;
  return `the connection broke ${answers} times before the acknowledgement arrived, and ${requests} times before the request did`;
}

/** The log of a single partition, with each record's place in the order of sending. */
export function inOrderOfSending({ log, sent, seed }: BadNetworkReport): LogEntry[] {
  const orders = new Map(takeOrders(sent, { seed }).map(({ orderId }, index) => [orderId, index]));
  return log.map(({ id, offset }) => ({ offset: Number(offset), order: orders.get(id)! }));
}

const INTRODUCTION = 'introduction';

/**
 * One acknowledged record for each partition. From a producer id that it does not know, a broker takes any first sequence:
 * if a network let the second batch of all pass before the first, the first could never be written.
 */
async function introduce(producer: BytesProducer, topic: string, partitions: number): Promise<void> {
  const value = Buffer.alloc(0);
  const futures = Array.from({ length: partitions }, (_, partition) =>
    producer.send({ topic, partition, key: INTRODUCTION, value }),
  );
  for (const future of await Promise.all(futures)) await future.get();
}

import { Kafka, Partitioners } from 'kafkajs';
import { kafkaJsConfig, withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { bytesProducer } from '../load/course-producer';
import { auditDelivery, readLoggedRecords } from '../log/delivery-audit';
import type { DeliveryAudit, SentRecord } from '../log/delivery-audit';
import { startFaultProxy } from '../faults/fault-proxy';
import type { FaultProxy, SeenBatch } from '../faults/fault-proxy';
import { orderBytes, takeOrders } from '../order';
import { SeededRandom } from '../../support/seeded-random';
import { textTable } from '../../support/text-table';

/** `course`: the producer of this project. `kafkajs`: the one that kafkajs brings. */
export type ProducerUnderTest = 'course' | 'kafkajs';

export interface LostAcknowledgementOptions {
  readonly producer?: ProducerUnderTest;
  readonly idempotence: boolean;
  /** Chooses the orders and which acknowledgement is lost. */
  readonly seed?: number;
  readonly records?: number;
}

export interface LostAcknowledgementReport extends DeliveryAudit {
  readonly producer: ProducerUnderTest;
  readonly idempotence: boolean;
  readonly seed: number;
  /** Which Produce request lost its answer, from 1, and what was in it. */
  readonly lostRequest: number;
  readonly lostBatches: readonly SeenBatch[];
  /** Produce requests that were made, retries included. */
  readonly produceRequests: number;
}

const DEFAULT_RECORDS = 40;
const RECORDS_PER_BATCH = 5;

/**
 * The duplicate problem: the broker writes a batch, the connection breaks before the acknowledgement arrives, and the
 * producer sends the batch again. Without idempotence the log then holds it twice. The records go to one partition of a
 * topic of their own, which is deleted afterwards.
 */
export async function loseAcknowledgement(
  kafka: KafkaDescription,
  options: LostAcknowledgementOptions,
): Promise<LostAcknowledgementReport> {
  const { producer = 'course', idempotence, seed = 1, records = DEFAULT_RECORDS } = options;
  const batches = Math.floor(records / RECORDS_PER_BATCH);
  if (!Number.isInteger(records) || batches < 2) {
    throw new RangeError(`records must be a whole number from ${2 * RECORDS_PER_BATCH} on, not ${records}.`);
  }
  // Not the last one: what comes behind the lost answer is what shows whether order survives.
  const lostRequest = new SeededRandom(seed).integer(1, Math.min(batches - 1, 4));
  return withTopic(kafka, { name: 'duplicates', partitions: 1 }, async (topic) => {
    const proxy = await startFaultProxy({
      bootstrapServers: kafka.bootstrapServers,
      seed,
      faults: [{ fault: { kind: 'kill-after-write' }, nth: lostRequest }],
    });
    try {
      const orders = takeOrders(records, { seed }).map((order) => ({
        id: order.orderId,
        value: orderBytes(order),
      }));
      const send = producer === 'course' ? sendWithCourseProducer : sendWithKafkaJs;
      const sent = await send({ kafka, proxy, topic, idempotence, orders });
      if (proxy.failures[0] !== undefined) throw proxy.failures[0];
      const audit = auditDelivery(sent, await readLoggedRecords(kafka, topic, 1));
      return {
        ...audit,
        producer,
        idempotence,
        seed,
        lostRequest,
        lostBatches: proxy.faults.flatMap(({ request }) => request.batches),
        produceRequests: proxy.requests.filter(({ kind }) => kind === 'Produce').length,
      };
    } finally {
      await proxy.close();
    }
  });
}

/** The problem and its cure: the same orders and the same lost acknowledgement, idempotence off and on, with both producers. */
export async function demonstrateDuplicates(
  kafka: KafkaDescription,
  options: { readonly seed?: number; readonly records?: number } = {},
): Promise<LostAcknowledgementReport[]> {
  const reports: LostAcknowledgementReport[] = [];
  for (const producer of ['course', 'kafkajs'] as const) {
    for (const idempotence of [false, true]) {
      reports.push(await loseAcknowledgement(kafka, { ...options, producer, idempotence }));
    }
  }
  return reports;
}

/** A row per report: what was acknowledged, and what the log holds. */
export function duplicatesTable(reports: readonly LostAcknowledgementReport[]): string {
  return textTable(
    [
      'producer',
      'idempotence',
      'sent',
      'acknowledged',
      'in the log',
      'twice',
      'acknowledged but missing',
      'in order',
    ],
    reports.map((report) => [
      report.producer,
      report.idempotence ? 'on' : 'off',
      report.sent,
      report.acknowledged,
      report.inLog,
      report.doubled.length,
      report.missing.length,
      report.inOrder ? 'yes' : 'no',
    ]),
  );
}

/** The log of one report: offset, producer id, sequence, and where a record was before. */
export function duplicateLogTable({ log }: DeliveryAudit): string {
  const first = new Map<string, bigint>();
  return textTable(
    ['offset', 'order', 'producer id', 'epoch', 'sequence', ''],
    log.map(({ offset, id, producerId, producerEpoch, sequence }) => {
      const before = first.get(id);
      if (before === undefined) first.set(id, offset);
      return [
        offset,
        id,
        producerId < 0n ? 'none' : producerId,
        producerEpoch < 0 ? 'none' : producerEpoch,
        sequence < 0 ? 'none' : sequence,
        before === undefined ? '' : `again, first at ${before}`,
      ];
    }),
  );
}

interface Sending {
  readonly kafka: KafkaDescription;
  readonly proxy: FaultProxy;
  readonly topic: string;
  readonly idempotence: boolean;
  readonly orders: readonly { readonly id: string; readonly value: Buffer }[];
}

/** Everything at once, in batches of about five records, five of them in flight. */
async function sendWithCourseProducer(sending: Sending): Promise<SentRecord[]> {
  const { kafka, proxy, topic, idempotence, orders } = sending;
  const producer = bytesProducer(
    { ...proxy, connection: kafka.connection },
    {
      acks: 'all',
      'enable.idempotence': idempotence,
      'batch.size': 140 * RECORDS_PER_BATCH,
      'linger.ms': 0,
    },
  );
  try {
    const futures = await Promise.all(
      orders.map(({ id, value }) => producer.send({ topic, partition: 0, key: id, value })),
    );
    const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
    return outcomes.map((outcome, index) => sentRecord((orders[index] as { id: string }).id, outcome));
  } finally {
    await producer.close();
  }
}

/** One send for each five records, all at once: kafkajs has no batches of its own making. */
async function sendWithKafkaJs({ kafka, proxy, topic, idempotence, orders }: Sending): Promise<SentRecord[]> {
  const client = new Kafka({
    ...kafkaJsConfig({ bootstrapServers: proxy.bootstrapServers, connection: kafka.connection }),
    retry: { initialRetryTime: 50, retries: 20 },
  });
  const producer = client.producer({
    idempotent: idempotence,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    const groups: { id: string; value: Buffer }[][] = [];
    for (let at = 0; at < orders.length; at += RECORDS_PER_BATCH) {
      groups.push(orders.slice(at, at + RECORDS_PER_BATCH));
    }
    const outcomes = await Promise.allSettled(
      groups.map((group) => {
        const messages = group.map(({ id, value }) => ({ partition: 0, key: id, value }));
        return producer.send({ topic, acks: -1, messages });
      }),
    );
    return groups.flatMap((group, index) =>
      group.map(({ id }) => sentRecord(id, outcomes[index] as PromiseSettledResult<unknown>)),
    );
  } finally {
    await producer.disconnect();
  }
}

function sentRecord(id: string, outcome: PromiseSettledResult<unknown>): SentRecord {
  const error = outcome.status === 'rejected' ? String(outcome.reason) : null;
  return { id, partition: 0, error };
}

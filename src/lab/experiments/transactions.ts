import { randomBytes } from 'node:crypto';
import { Kafka, Partitioners } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { kafkaJsConfig, withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { xrayPartition } from '../log/log-xray';
import type { BatchXray } from '../log/log-xray';

export interface TransactionReport {
  /** What a consumer gets that reads committed records only, sorted. */
  readonly readCommitted: readonly string[];
  /** What one gets that reads everything. */
  readonly readUncommitted: readonly string[];
  /** The log of each partition, with the marks that end a transaction. */
  readonly logs: readonly (readonly BatchXray[])[];
}

const PARTITIONS = 2;
/** The last record of each partition, outside any transaction: who has read it has read everything before. */
const END = 'end';
const GROUP_ID_NOT_FOUND = 69;

/**
 * Two transactions over two partitions, of which the first is committed and the second aborted, and what consumers with
 * either isolation level make of it. With kafkajs's transactional producer: the one of this course has no transactions.
 */
export async function demonstrateTransactions(kafka: KafkaDescription): Promise<TransactionReport> {
  const client = new Kafka({ ...kafkaJsConfig(kafka), retry: { initialRetryTime: 50, retries: 20 } });
  const id = `${kafka.topicPrefix}transactions-${randomBytes(4).toString('hex')}`;
  return withTopic(kafka, { name: 'transactions', partitions: PARTITIONS }, async (topic) => {
    await writeTransactions(client, topic, id);
    const readCommitted = await readAll(client, {
      topic,
      groupId: `${id}-committed`,
      readUncommitted: false,
    });
    const readUncommitted = await readAll(client, { topic, groupId: `${id}-all`, readUncommitted: true });
    const logs: BatchXray[][] = [];
    for (let partition = 0; partition < PARTITIONS; partition++) {
      logs.push(await xrayPartition(kafka, { topic, partition }));
    }
    return { readCommitted, readUncommitted, logs };
  });
}

async function writeTransactions(client: Kafka, topic: string, transactionalId: string): Promise<void> {
  const createPartitioner = Partitioners.DefaultPartitioner;
  const transactional = client.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner,
  });
  const plain = client.producer({ createPartitioner });
  try {
    await transactional.connect();
    const paid = await transactional.transaction();
    await sendToAll(paid, topic, 'paid');
    await paid.commit();
    const cancelled = await transactional.transaction();
    await sendToAll(cancelled, topic, 'cancelled');
    await cancelled.abort();
    await plain.connect();
    await sendToAll(plain, topic, END);
  } finally {
    await transactional.disconnect();
    await plain.disconnect();
  }
}

/** One record to each partition: `debit` to the first, `credit` to the second. */
function sendToAll(producer: Pick<Producer, 'send'>, topic: string, what: string): Promise<unknown> {
  const messages = ['debit', 'credit'].map((side, partition) => ({
    partition,
    value: what === END ? END : `${side} ${what}`,
  }));
  return producer.send({ topic, acks: -1, messages });
}

async function readAll(
  client: Kafka,
  options: { readonly topic: string; readonly groupId: string; readonly readUncommitted: boolean },
): Promise<string[]> {
  const { topic, groupId, readUncommitted } = options;
  const consumer = client.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 100 });
  const values: string[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const ended = new Set<number>();
      // kafkajs calls it a crash when a coordinator is still loading, and starts again by itself.
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      consumer
        .run({
          eachMessage: ({ partition, message }) => {
            const value = message.value?.toString() ?? '';
            if (value === END) ended.add(partition);
            else values.push(value);
            if (ended.size === PARTITIONS) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await deleteGroup(client, groupId);
  }
  return values.sort();
}

async function deleteGroup(client: Kafka, groupId: string): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  try {
    await admin.deleteGroups([groupId]).catch((error: unknown) => {
      // A group without committed offsets is gone with its last member: then there is nothing left to delete.
      const { groups = [] } = error as { groups?: { errorCode?: number }[] };
      if (groups.length === 0 || groups.some(({ errorCode }) => errorCode !== GROUP_ID_NOT_FOUND))
        throw error;
    });
  } finally {
    await admin.disconnect();
  }
}

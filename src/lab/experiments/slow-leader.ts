import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { endOffsets } from '../../network/log-reader';
import { bytesProducer } from '../load/course-producer';
import { startFaultProxy } from '../faults/fault-proxy';
import { LatencyHistogram } from '../load/latency-histogram';
import type { LatencyMs } from '../load/latency-histogram';
import { runLoad } from '../load/load';
import { takePayloads } from '../load/payloads';
import { SeededRandom } from '../../support/seeded-random';

export interface SlowLeaderOptions {
  /** `partitioner.adaptive.partitioning.enable`. */
  readonly adaptive: boolean;
  /** How much later every answer of the slow broker comes. */
  readonly delayMs?: number;
  readonly records?: number;
  readonly recordsPerSecond?: number;
  /** Of the values, and of the partitions that are drawn. */
  readonly seed?: number;
}

export interface SlowLeaderReport {
  readonly adaptive: boolean;
  /** The leader of each partition; the index is the partition. */
  readonly leaders: readonly number[];
  readonly slowBroker: number;
  /** Records in the log, by partition. */
  readonly counts: readonly number[];
  readonly inLog: number;
  /** Of all records, 0 to 1. An equal share would be `fairShare`. */
  readonly slowShare: number;
  readonly fairShare: number;
  /** From when a record was due to the broker's answer. */
  readonly latencyMs: LatencyMs;
  /** The most memory that waited for answers. */
  readonly mostBufferedBytes: number;
}

const PARTITIONS = 6;
const BATCH_SIZE = 2048;
const DIFFERENT_VALUES = 500;
const RECORD_BYTES = 200;
/** Sent beforehand and not counted: connections are open then, and code is compiled. */
const WARM_UP = 300;
const BUFFER_MEMORY = 32 * 1024 * 1024;

/**
 * Records without a key while one of several brokers answers late, as one does whose disk is full of other work. With
 * adaptive partitioning (KIP-794) the producer sees the queue in front of that broker and draws its partitions more rarely.
 */
export async function slowLeader(
  kafka: KafkaDescription,
  options: SlowLeaderOptions,
): Promise<SlowLeaderReport> {
  const { adaptive, delayMs = 80, records = 3000, recordsPerSecond = 1500, seed = 1 } = options;
  if (kafka.brokers < 2) {
    throw new RangeError('A slow broker only shows beside quick ones: this takes two brokers or more.');
  }
  // One replica each: every partition is at home on one broker, and no follower evens anything out.
  const topicOptions = { name: 'slow-leader', partitions: PARTITIONS, replicationFactor: 1 };
  return withTopic(kafka, topicOptions, async (topic) => {
    const proxy = await startFaultProxy({ bootstrapServers: kafka.bootstrapServers });
    let mostBufferedBytes = 0;
    const producer = bytesProducer(
      { ...proxy, connection: kafka.connection },
      {
        'partitioner.adaptive.partitioning.enable': adaptive,
        'batch.size': BATCH_SIZE,
        'linger.ms': 5,
        'buffer.memory': BUFFER_MEMORY,
      },
      {
        random: new SeededRandom(seed).fraction,
        trace: (event) => {
          if (event.stage !== 'memory') return;
          mostBufferedBytes = Math.max(mostBufferedBytes, BUFFER_MEMORY - event.availableBytes);
        },
      },
    );
    const latency = new LatencyHistogram();
    try {
      const leaders = (await producer.partitionsFor(topic)).map(({ leader }) => leader);
      const [slowBroker = -1] = leaders;
      const payloads = takePayloads('orders', DIFFERENT_VALUES, { seed, sizeInBytes: RECORD_BYTES });
      for (const { value } of cycled(payloads, WARM_UP)) await producer.send({ topic, value });
      await producer.flush();
      const before = await endOffsets(kafka, topic);
      mostBufferedBytes = 0;
      proxy.addFault({ fault: { kind: 'delay-response', ms: delayMs }, node: slowBroker });
      const failures: Error[] = [];
      const startedMs = performance.now();
      await runLoad({
        records: cycled(payloads, records),
        count: records,
        recordsPerSecond,
        send: ({ value }, index) => {
          const dueMs = startedMs + (index * 1000) / recordsPerSecond;
          return producer.send({ topic, value }, (_metadata, error) => {
            if (error !== null) failures.push(error);
            latency.record(performance.now() - dueMs);
          });
        },
      });
      await producer.flush();
      if (failures[0] !== undefined) throw failures[0];
      if (proxy.failures[0] !== undefined) throw proxy.failures[0];
      const after = await endOffsets(kafka, topic);
      const counts = after.map((offset, partition) => Number(offset - (before[partition] ?? 0n)));
      const inLog = counts.reduce((sum, count) => sum + count, 0);
      const slow = counts.filter((_count, partition) => leaders[partition] === slowBroker);
      return {
        ...{ adaptive, leaders, slowBroker, counts, inLog, mostBufferedBytes },
        slowShare: slow.reduce((sum, count) => sum + count, 0) / inLog,
        fairShare: slow.length / PARTITIONS,
        latencyMs: latency.summary(),
      };
    } finally {
      await producer.close({ timeoutMs: 5000 });
      await proxy.close();
    }
  });
}

function* cycled<T>(items: readonly T[], count: number): Generator<T> {
  for (let index = 0; index < count; index++) yield items[index % items.length] as T;
}

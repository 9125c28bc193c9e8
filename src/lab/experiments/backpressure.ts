import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { endOffsets } from '../../network/log-reader';
import { TimeoutError } from '../../producer/index';
import type { RecordFuture } from '../../producer/index';
import type { TraceEvent } from '../../trace/trace-event';
import { bytesProducer } from '../load/course-producer';
import type { BytesProducer } from '../load/course-producer';
import { startFaultProxy } from '../faults/fault-proxy';
import { takePayloads } from '../load/payloads';

export { loseErrorUnseen } from './silent-failure';
export type { SilentFailureReport } from './silent-failure';
export { slowSerializer } from './slow-serializer';
export type { SerializerMeasurement, SlowSerializerReport } from './slow-serializer';

export interface StalledBrokerOptions {
  readonly seed?: number;
  readonly bufferMemoryBytes?: number;
  readonly maxBlockMs?: number;
  readonly recordSizeInBytes?: number;
  onProgress?(line: string): void;
}

export interface StalledBrokerReport {
  readonly bufferMemoryBytes: number;
  readonly maxBlockMs: number;
  /** Records that send() took while the broker was silent, until there was no memory left. */
  readonly taken: number;
  /** How long the next send() waited before it gave up. */
  readonly blockedMs: number;
  readonly errorName: string;
  readonly errorMessage: string;
  readonly availableBytesWhenBlocked: number;
  /** Of those that were taken, how many the broker has after it woke up again: all of them. */
  readonly deliveredAfterwards: number;
  readonly inLog: number;
  /** Free memory over time, from the moment the broker fell silent. */
  readonly memory: readonly { readonly atMs: number; readonly availableBytes: number }[];
}

/**
 * Pitfall 2: the broker falls silent, batches wait for answers that do not come, `buffer.memory` fills up, `send()` waits
 * for room, and rejects after `max.block.ms`. Then the broker goes on: what was taken arrives, once.
 */
export async function stallBroker(
  kafka: KafkaDescription,
  options: StalledBrokerOptions = {},
): Promise<StalledBrokerReport> {
  const { seed = 1, bufferMemoryBytes = 128 * 1024, maxBlockMs = 500, recordSizeInBytes = 1000 } = options;
  const proxy = await startFaultProxy({ bootstrapServers: kafka.bootstrapServers });
  const memory: { atMs: number; availableBytes: number }[] = [];
  let stalledAtMs: number | null = null;
  const trace = (event: TraceEvent) => {
    if (event.stage !== 'memory' || stalledAtMs === null) return;
    memory.push({ atMs: event.atMs - stalledAtMs, availableBytes: event.availableBytes });
  };
  const producer = bytesProducer(
    { ...proxy, connection: kafka.connection },
    {
      'buffer.memory': bufferMemoryBytes,
      'max.block.ms': maxBlockMs,
      'batch.size': 4096,
      'linger.ms': 0,
    },
    { trace },
  );
  try {
    return await withTopic(kafka, { name: 'stalled-broker', partitions: 1 }, async (topic) => {
      // Connection, metadata and producer id are there before the broker falls silent: only memory is left to wait for.
      await sendFirst(producer, topic);
      proxy.stall();
      stalledAtMs = performance.timeOrigin + performance.now();
      options.onProgress?.('The broker has fallen silent.');
      const values = takePayloads('orders', Math.ceil((2 * bufferMemoryBytes) / recordSizeInBytes), {
        seed,
        sizeInBytes: recordSizeInBytes,
      }).map(({ value }) => value);
      const blocked = await sendUntilBlocked(producer, topic, values);
      options.onProgress?.(`send() gave up after ${Math.round(blocked.blockedMs)} ms; the broker goes on.`);
      proxy.resume();
      const outcomes = await Promise.allSettled(blocked.futures.map((future) => future.get()));
      const [inLog = 0n] = await endOffsets(kafka, topic);
      return {
        bufferMemoryBytes,
        maxBlockMs,
        taken: blocked.futures.length,
        blockedMs: blocked.blockedMs,
        errorName: blocked.error.name,
        errorMessage: blocked.error.message,
        availableBytesWhenBlocked: blocked.availableBytes,
        deliveredAfterwards: outcomes.filter(({ status }) => status === 'fulfilled').length,
        inLog: Number(inLog) - 1,
        memory,
      };
    });
  } finally {
    proxy.resume();
    await producer.close({ timeoutMs: 1000 });
    await proxy.close();
  }
}

const FIRST_TRIES = 20;

/** The first metadata may take a busy machine longer than a short max.block.ms. What send() has refused was not taken. */
async function sendFirst(producer: BytesProducer, topic: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    let future: RecordFuture;
    try {
      future = await producer.send({ topic, key: null, value: Buffer.from('first') });
    } catch (error) {
      if (error instanceof TimeoutError && tries < FIRST_TRIES) continue;
      throw error;
    }
    await future.get();
    return;
  }
}

interface Blocked {
  readonly futures: readonly RecordFuture[];
  readonly blockedMs: number;
  readonly error: Error;
  readonly availableBytes: number;
}

async function sendUntilBlocked(
  producer: BytesProducer,
  topic: string,
  values: readonly Buffer[],
): Promise<Blocked> {
  const futures: RecordFuture[] = [];
  for (const value of values) {
    const startedMs = performance.now();
    try {
      futures.push(await producer.send({ topic, key: null, value }));
    } catch (error) {
      const available = producer.metrics().find(({ name }) => name === 'buffer-available-bytes');
      return {
        futures,
        blockedMs: performance.now() - startedMs,
        error: error as Error,
        availableBytes: available?.value ?? NaN,
      };
    }
  }
  throw new Error(
    `${values.length} records fit in buffer.memory although the broker took none: the memory has no limit.`,
  );
}

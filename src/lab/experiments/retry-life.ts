import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { endOffsets } from '../../network/log-reader';
import type { ProducerConfig } from '../../producer/index';
import { TraceRecorder } from '../../trace/trace-recorder';
import { startFaultProxy } from '../faults/fault-proxy';
import { bytesProducer } from '../load/course-producer';

export interface RetryAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds since the first attempt. */
  readonly atMs: number;
}

export interface RetryLifeReport {
  /** When the batch was sent, each time. */
  readonly attempts: readonly RetryAttempt[];
  /** From the moment the batch was opened, which is when its delivery.timeout.ms begins, to success or failure. */
  readonly endedMs: number;
  /** The name of the error that the future rejected with; null after a success. */
  readonly errorName: string | null;
  readonly inLog: number;
}

export interface RetryLifeOptions {
  /** How many attempts the broker refuses with NOT_ENOUGH_REPLICAS, which is retriable. */
  readonly refusals: number;
  readonly config?: ProducerConfig;
}

/** NOT_ENOUGH_REPLICAS: the leader has written nothing, and the producer retries. */
const NOT_ENOUGH_REPLICAS = 19;

/** Sends one record whose first attempts are refused, and reports when the producer tried, and how it ended. */
export function retryLife(
  kafka: KafkaDescription,
  { refusals, config = {} }: RetryLifeOptions,
): Promise<RetryLifeReport> {
  return withTopic(kafka, { name: 'retry-life', partitions: 1 }, async (topic) => {
    const proxy = await startFaultProxy({
      bootstrapServers: kafka.bootstrapServers,
      faults: [{ fault: { kind: 'refuse', errorCode: NOT_ENOUGH_REPLICAS }, nth: 1, times: refusals }],
    });
    const trace = new TraceRecorder();
    const producer = bytesProducer(
      { ...proxy, connection: kafka.connection },
      { 'linger.ms': 0, ...config },
      { trace: trace.listener },
    );
    try {
      const future = await producer.send({ topic, partition: 0, key: null, value: Buffer.from('again') });
      const errorName = await future.get().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.name : String(error)),
      );
      const sent = trace.of('batch-drained');
      const firstMs = sent[0]?.atMs ?? 0;
      const openedMs = trace.of('batch-opened')[0]?.atMs ?? 0;
      const last = [...trace.of('batch-completed'), ...trace.of('batch-failed')][0];
      const [inLog = 0n] = await endOffsets(kafka, topic);
      return {
        attempts: sent.map(({ atMs }, index) => ({ attempt: index + 1, atMs: atMs - firstMs })),
        endedMs: (last?.atMs ?? openedMs) - openedMs,
        errorName,
        inLog: Number(inLog),
      };
    } finally {
      await producer.close({ timeoutMs: 5000 });
      await proxy.close();
    }
  });
}

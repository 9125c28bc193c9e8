import { useKafka, startKafka, withTopic } from '../../src/broker/index';
import type { CourseKafka } from '../../src/broker/index';
import { startFaultProxy } from '../../src/lab/faults/fault-proxy';
import type { FaultRule } from '../../src/lab/faults/fault-proxy';
import { readLog } from '../../src/network/log-reader';
import {
  BufferExhaustedError,
  BufferPool,
  isSendable,
  KafkaProducer,
  StringSerializer,
} from '../../src/producer/index';
import { SystemClock } from '../../src/support/clock';
import { seeds } from '../support/seeds';
import type {
  MemoryPool,
  ProducerConfig,
  ProducerParts,
  RecordFuture,
  SequenceStamper,
} from '../../src/producer/index';

const PARTITIONS = 6;

interface Outcome {
  /** Values of each partition, in the order of the log. */
  readonly logs: string[][];
  readonly offsets: { value: string; partition: number; offset: bigint }[];
  readonly failed: number;
}

interface Run {
  readonly config?: ProducerConfig;
  readonly records: number;
  readonly parts?: ProducerParts;
  readonly during?: (sent: number) => Promise<void> | void;
}

/** Sends numbered records one by one, awaiting send() but not the answers, and compares what was told with the log. */
async function deliver(
  kafka: CourseKafka,
  bootstrapServers: string,
  topic: string,
  run: Run,
): Promise<Outcome> {
  const serializer = new StringSerializer();
  const producer = new KafkaProducer<string, string>(
    { 'bootstrap.servers': bootstrapServers, 'linger.ms': 2, 'batch.size': 2048, ...run.config },
    { keySerializer: serializer, valueSerializer: serializer, parts: run.parts },
  );
  const futures: RecordFuture[] = [];
  try {
    for (let number = 0; number < run.records; number++) {
      const value = String(number).padStart(20, '0');
      futures.push(await producer.send({ topic, partition: number % PARTITIONS, value }));
      if (number % 1000 === 0) await run.during?.(number);
    }
    await producer.flush();
  } finally {
    await producer.close({ timeoutMs: 30_000 });
  }
  const settled = await Promise.allSettled(futures.map((future) => future.get()));
  const offsets = settled.flatMap((result, number) =>
    result.status === 'fulfilled'
      ? [
          {
            value: String(number).padStart(20, '0'),
            partition: result.value.partition,
            offset: result.value.offset,
          },
        ]
      : [],
  );
  const logs = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const records = await readLog(kafka, { topic, partition });
    logs.push(records.map(({ value }) => String(value)));
  }
  return { logs, offsets, failed: futures.length - offsets.length };
}

function expectExactlyOnceInOrder({ logs, offsets, failed }: Outcome, records: number): void {
  expect(failed).toBe(0);
  expect(logs.flat()).toHaveLength(records);
  logs.forEach((values, partition) => {
    const expected = Array.from({ length: Math.ceil((records - partition) / PARTITIONS) }, (_, at) =>
      String(at * PARTITIONS + partition).padStart(20, '0'),
    );
    expect(values).toEqual(expected);
  });
  // What get() said is where it is. The broker knows the last five batches of a partition, and no more are in flight: for a
  // batch that is sent again it names the first offset.
  const wrong = offsets.filter(({ value, partition, offset }) => logs[partition]![Number(offset)] !== value);
  expect(wrong).toEqual([]);
}

describe('Delivery on one broker', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await useKafka();
  });
  afterAll(() => kafka.stop());

  const underFaults = async (faults: readonly FaultRule[], run: Run, seed = 1): Promise<Outcome> => {
    const proxy = await startFaultProxy({ bootstrapServers: kafka.bootstrapServers, faults, seed });
    try {
      return await withTopic(kafka, { name: 'delivery', partitions: PARTITIONS }, async (topic) => {
        const outcome = await deliver(kafka, proxy.bootstrapServers, topic, run);
        expect(proxy.failures).toEqual([]);
        expect(proxy.faults.length).toBeGreaterThan(faults.length > 0 ? 0 : -1);
        return outcome;
      });
    } finally {
      await proxy.close();
    }
  };

  it('writes 100,000 records once and in order with five requests in flight', async () => {
    const outcome = await withTopic(kafka, { name: 'delivery', partitions: PARTITIONS }, (topic) =>
      deliver(kafka, kafka.bootstrapServers, topic, { records: 100_000 }),
    );
    expectExactlyOnceInOrder(outcome, 100_000);
  });

  it.each(seeds(3))(
    'writes each record once and in order while answers are lost and connections killed (seed %i)',
    async (seed) => {
      const faults: FaultRule[] = [
        { fault: { kind: 'kill-after-write' }, probability: 0.03 },
        { fault: { kind: 'kill-before-write' }, probability: 0.03 },
        { fault: { kind: 'delay-response', ms: 3 }, probability: 0.2 },
      ];
      const config = { 'retry.backoff.ms': 5, 'reconnect.backoff.ms': 5, 'reconnect.backoff.max.ms': 20 };
      expectExactlyOnceInOrder(await underFaults(faults, { records: 100_000, config }, seed), 100_000);
    },
  );

  it('shows duplicates without idempotence under the same faults', async () => {
    const faults: FaultRule[] = [{ fault: { kind: 'kill-after-write' }, probability: 0.05 }];
    const config = { 'enable.idempotence': false, 'retry.backoff.ms': 5, 'reconnect.backoff.ms': 5 };
    const { logs, failed } = await underFaults(faults, { records: 20_000, config }, 21);
    expect(failed).toBe(0);
    expect(new Set(logs.flat()).size).toBe(20_000);
    expect(logs.flat().length).toBeGreaterThan(20_000);
  });
});

describe('Delivery while brokers come and go', () => {
  it('goes on by itself when its only broker restarts', async () => {
    const kafka = await startKafka({ brokers: 1, kind: 'embedded' });
    try {
      await withTopic(kafka, { name: 'restart', partitions: PARTITIONS }, async (topic) => {
        const restarts: Promise<void>[] = [];
        const during = (sent: number) => {
          if (sent === 20_000) restarts.push(kafka.stopBroker(1).then(() => kafka.startBroker(1)));
        };
        const outcome = await deliver(kafka, kafka.bootstrapServers, topic, { records: 60_000, during });
        await Promise.all(restarts);
        expectExactlyOnceInOrder(outcome, 60_000);
      });
    } finally {
      await kafka.stop();
    }
  });

  it('goes on by itself with acks=all when a leader of three brokers is killed', async () => {
    const kafka = await startKafka({ brokers: 3, kind: 'embedded' });
    try {
      const configs = { 'min.insync.replicas': '2' };
      await withTopic(kafka, { name: 'leader', partitions: PARTITIONS, configs }, async (topic) => {
        const kills: Promise<void>[] = [];
        const during = (sent: number) => {
          if (sent === 20_000) kills.push(kafka.stopBroker(1, { hard: true }));
        };
        const outcome = await deliver(kafka, kafka.bootstrapServers, topic, { records: 60_000, during });
        await Promise.all(kills);
        expectExactlyOnceInOrder(outcome, 60_000);
      });
    } finally {
      await kafka.stop();
    }
  });
});

describe('A broker that stops answering', () => {
  it('makes send() wait within buffer.memory, and gets everything once it answers again', async () => {
    const kafka = await useKafka();
    const proxy = await startFaultProxy({ bootstrapServers: kafka.bootstrapServers });
    const serializer = new StringSerializer();
    const producer = new KafkaProducer<string, string>(
      { 'bootstrap.servers': proxy.bootstrapServers, 'buffer.memory': 1_000_000, 'max.block.ms': 3000 },
      { keySerializer: serializer, valueSerializer: serializer },
    );
    try {
      await withTopic(kafka, { name: 'stall', partitions: PARTITIONS }, async (topic) => {
        const first = await producer.send({ topic, value: 'first' });
        await first.get();
        proxy.stall();
        const futures: RecordFuture[] = [];
        let refused: unknown = null;
        while (refused === null && futures.length < 100_000) {
          const sending = producer.send({ topic, value: 'x'.repeat(1000) });
          await sending.then(
            (future) => void futures.push(future),
            (error: unknown) => void (refused = error),
          );
        }
        expect(refused).toBeInstanceOf(BufferExhaustedError);
        expect(futures.length).toBeGreaterThan(500);
        expect(futures.length).toBeLessThan(1000);

        proxy.resume();
        await producer.flush();
        const delivered = await Promise.all(futures.map((future) => future.get()));
        expect(delivered).toHaveLength(futures.length);
      });
    } finally {
      await producer.close({ timeoutMs: 5000 });
      await proxy.close();
      await kafka.stop();
    }
  });
});

describe('Parts from outside', () => {
  it('carry records through the real broker: isSendable, buffer pool and sequence tracker', async () => {
    const kafka = await useKafka();
    const clock = new SystemClock();
    const used = new Set<string>();
    class Pool implements MemoryPool {
      readonly #pool = new BufferPool(200_000, clock);
      get availableMemory() {
        return this.#pool.availableMemory;
      }
      get queued() {
        return this.#pool.queued;
      }
      allocate(size: number, maxBlockMs: number) {
        used.add('pool');
        return this.#pool.allocate(size, maxBlockMs);
      }
      deallocate(size: number) {
        this.#pool.deallocate(size);
      }
    }
    class Tracker implements SequenceStamper {
      readonly #next = new Map<number, number>();
      constructor(
        readonly producerId: bigint,
        private producerEpoch: number,
      ) {}
      stamp(partition: number, recordCount: number) {
        used.add('tracker');
        const baseSequence = this.#next.get(partition) ?? 0;
        this.#next.set(partition, baseSequence + recordCount);
        return { producerId: this.producerId, producerEpoch: this.producerEpoch, baseSequence };
      }
      bumpEpoch() {
        this.producerEpoch++;
        this.#next.clear();
      }
    }
    const parts: ProducerParts = {
      bufferPool: new Pool(),
      sequenceTracker: Tracker,
      isSendable: (batch, accumulator, nowMs) => {
        used.add('isSendable');
        return isSendable(batch, accumulator, nowMs);
      },
    };
    try {
      await withTopic(kafka, { name: 'parts', partitions: PARTITIONS }, async (topic) => {
        const outcome = await deliver(kafka, kafka.bootstrapServers, topic, { records: 20_000, parts });
        expectExactlyOnceInOrder(outcome, 20_000);
      });
      expect([...used].sort()).toEqual(['isSendable', 'pool', 'tracker']);
      expect(parts.bufferPool!.availableMemory).toBe(200_000);
    } finally {
      await kafka.stop();
    }
  });
});

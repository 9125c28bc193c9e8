import {
  BufferExhaustedError,
  ConfigError,
  IllegalArgumentError,
  IllegalStateError,
  InvalidTopicError,
  KafkaError,
  KafkaProducer,
  prometheusMetrics,
  RecordTooLargeError,
  SerializationError,
  StringSerializer,
  TimeoutError,
} from '../../src/producer/index';
import type {
  KafkaProducerOptions,
  ProducerConfig,
  ProducerInterceptor,
  ProducerRecord,
  RecordMetadata,
  Serializer,
} from '../../src/producer/index';
import { ManualClock } from '../../src/support/clock';
import { TraceRecorder } from '../../src/trace/trace-recorder';
import type { RecordFuture } from '../../src/producer/internals/future-record-metadata';
import { ScriptedNetwork } from './support/scripted-network';
import type { Topology } from './support/scripted-network';

const TOPIC = 'orders';
const FOUR_PARTITIONS: Topology = { leaders: { orders: [0, 0, 0, 0] } };

class TestBench {
  readonly clock = new ManualClock(1_700_000_000_000);
  readonly network: ScriptedNetwork;
  readonly producer: KafkaProducer<string, string>;

  constructor(
    config: ProducerConfig = {},
    options: Partial<KafkaProducerOptions<string, string>> = {},
    topology: Topology = { leaders: { [TOPIC]: [0, 0, 0] } },
  ) {
    this.network = new ScriptedNetwork(topology);
    this.producer = new KafkaProducer<string, string>(
      { 'bootstrap.servers': '127.0.0.1:9092', 'linger.ms': 0, 'enable.idempotence': false, ...config },
      {
        keySerializer: new StringSerializer(),
        valueSerializer: new StringSerializer(),
        clock: this.clock,
        random: () => 0.5,
        network: this.network,
        ...options,
      },
    );
  }

  /** The broker takes every batch of now. */
  async answerAll(baseOffset = 0n): Promise<void> {
    await turns();
    while (this.network.open.length > 0) {
      for (const open of [...this.network.open]) open.answer({ baseOffset });
      await turns();
    }
  }
}

/** Turns of the event loop, in which the sender does what it can. */
async function turns(count = 8): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A record is on its way to a broker that does not respond yet. */
async function warm(bench: TestBench): Promise<RecordFuture> {
  const future = await bench.producer.send({ topic: TOPIC, value: 'warm' });
  await turns();
  return future;
}

const rejection = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('It was not rejected.'),
    (error: Error) => error,
  );

class Recording implements ProducerInterceptor<string, string> {
  readonly sent: string[] = [];
  readonly acknowledged: { metadata: RecordMetadata; error: Error | null }[] = [];
  closed = 0;
  constructor(private readonly suffix = '') {}
  onSend(record: ProducerRecord<string, string>) {
    this.sent.push(record.value!);
    return { ...record, value: record.value! + this.suffix };
  }
  onAcknowledgement(metadata: RecordMetadata, error: Error | null) {
    this.acknowledged.push({ metadata, error });
  }
  close() {
    this.closed++;
  }
}

describe('send()', () => {
  it('resolves to a future, whose get() waits for the broker', async () => {
    const bench = new TestBench();
    const future = await bench.producer.send({ topic: TOPIC, partition: 1, key: 'key', value: 'value' });
    expect(future.isDone()).toBe(false);
    await bench.answerAll(7n);

    const metadata = await future.get();
    expect(metadata).toMatchObject({ topic: TOPIC, partition: 1, offset: 7n });
    expect(metadata).toMatchObject({ serializedKeySize: 3, serializedValueSize: 5 });
    await bench.producer.close();
    expect(bench.clock.pending).toBe(0);
  });

  it('G-01 F-15 goes through interceptors, key and value serializer, partitioner and headers in this order', async () => {
    const order: string[] = [];
    const serializer = (name: string): Serializer<string> => ({
      serialize: (topic, data, headers) => {
        order.push(`${name}(${topic}, ${data}, ${headers!.length})`);
        return Buffer.from(data!);
      },
    });
    const interceptor = {
      onSend: (record: ProducerRecord<string, string>) => (order.push('onSend'), record),
    };
    const partitioner = {
      partition: (record: { keyBytes: Buffer | null }) => (
        order.push(`partition(${String(record.keyBytes)})`),
        2
      ),
    };
    const bench = new TestBench(
      {},
      {
        keySerializer: serializer('key'),
        valueSerializer: serializer('value'),
        interceptors: [interceptor],
        partitioner,
      },
    );
    const headers = [{ key: 'h', value: null }];
    const future = await bench.producer.send({ topic: TOPIC, key: 'k', value: 'v', headers });
    await bench.answerAll();
    expect(order).toEqual(['onSend', 'key(orders, k, 1)', 'value(orders, v, 1)', 'partition(k)']);
    expect((await future.get()).partition).toBe(2);
    // F-14
    expect(() => (headers as unknown[]).push({ key: 'late', value: null })).toThrow(TypeError);
    await bench.producer.close();
  });

  it('A-05 places a key alike whichever partitions have a leader', async () => {
    const placed = [];
    for (const leaders of [
      [0, 0, 0, 0],
      [0, -1, 0, 0],
      [0, 0, 0, -1],
    ]) {
      const bench = new TestBench({}, {}, { leaders: { [TOPIC]: leaders } });
      // key-5 goes to partition 0 of 4, which always has a leader here.
      const future = await bench.producer.send({ topic: TOPIC, key: 'key-5', value: 'v' });
      await bench.answerAll();
      placed.push((await future.get()).partition);
      await bench.producer.close();
    }
    expect(new Set(placed).size).toBe(1);
  });

  it('A-04 A-06 A-07 hashes keys over all partitions, unless the record or partitioner.ignore.keys says otherwise', async () => {
    const bench = new TestBench({}, {}, { leaders: { [TOPIC]: [0, -1, 0] } });
    await bench.producer.send({ topic: TOPIC, key: 'key-1', value: 'v' });
    const chosen = await bench.producer.send({ topic: TOPIC, key: 'key-1', value: 'v', partition: 2 });
    await bench.answerAll();
    expect((await chosen.get()).partition).toBe(2);
    expect(
      bench.network.requests.flatMap(({ batches }) => batches.map((batch) => batch.partition)).sort(),
    ).toEqual([0, 2]);
    await bench.producer.close();

    const ignoring = new TestBench({ 'partitioner.ignore.keys': true });
    const partitions = new Set<number>();
    for (let at = 0; at < 20; at++) {
      const future = await ignoring.producer.send({ topic: TOPIC, key: `key-${at}`, value: 'v' });
      await ignoring.answerAll();
      partitions.add((await future.get()).partition);
    }
    expect(partitions.size).toBe(1);
    await ignoring.producer.close();
  });

  it.each([-1, 3, 1.5, Number.NaN])(
    'A-09 rejects what a partitioner may not return: %d',
    async (partition) => {
      const bench = new TestBench({}, { partitioner: { partition: () => partition } });
      expect(await rejection(bench.producer.send({ topic: TOPIC, value: 'v' }))).toBeInstanceOf(
        IllegalArgumentError,
      );
      await bench.producer.close();
    },
  );

  it.each([
    ['no topic', { value: 'v' }],
    ['a negative partition', { topic: TOPIC, value: 'v', partition: -1 }],
    ['a negative timestamp', { topic: TOPIC, value: 'v', timestamp: -1 }],
    ['no record', null],
  ])('F-12 rejects a record with %s', async (_, record) => {
    const bench = new TestBench();
    expect(await rejection(bench.producer.send(record as never))).toBeInstanceOf(IllegalArgumentError);
    const future = await bench.producer.send({ topic: TOPIC, value: 'good' });
    await bench.answerAll();
    await future.get();
    await bench.producer.close();
  });

  it('K-09 G-06 G-07 G-08 G-09 G-14 G-15 rejects a record that is too large by its upper bound; callback first, then interceptor', async () => {
    const order: unknown[] = [];
    const interceptor = new Recording();
    interceptor.onAcknowledgement = (metadata, error) =>
      void order.push(['interceptor', metadata.partition, error]);
    const bench = new TestBench({ 'max.request.size': 92 }, { interceptors: [interceptor] });
    const record = { topic: TOPIC, key: 'key', value: 'value', partition: 1 };
    const error = await rejection(
      bench.producer.send(record, (metadata, failure) => order.push(['callback', { ...metadata }, failure])),
    );

    expect(error).toBeInstanceOf(RecordTooLargeError);
    expect(error.message).toContain('93');
    expect(order).toEqual([
      [
        'callback',
        {
          topic: TOPIC,
          partition: 1,
          offset: -1n,
          timestamp: -1,
          serializedKeySize: -1,
          serializedValueSize: -1,
        },
        error,
      ],
      ['interceptor', 1, error],
    ]);
    expect(interceptor.sent).toEqual(['value']);
    expect(bench.producer.metrics().find(({ name }) => name === 'record-error-total')?.value).toBe(1);
    await bench.producer.close();

    const enough = new TestBench({ 'max.request.size': 93 });
    await enough.producer.send(record);
    await enough.answerAll();
    await enough.producer.close();
  });

  it('G-07 rejects a record that is larger than buffer.memory', async () => {
    const bench = new TestBench({ 'buffer.memory': 92, 'batch.size': 10 });
    expect(await rejection(bench.producer.send({ topic: TOPIC, key: 'key', value: 'value' }))).toBeInstanceOf(
      RecordTooLargeError,
    );
    await bench.producer.close();
  });

  it('G-10 rejects after max.block.ms when the topic does not exist; callback and interceptor hear of it once', async () => {
    const interceptor = new Recording();
    const bench = new TestBench({ 'max.block.ms': 1000 }, { interceptors: [interceptor] });
    const calls: (Error | null)[] = [];
    const sending = bench.producer.send({ topic: 'nowhere', value: 'v' }, (_, error) => calls.push(error));
    const error = rejection(sending);
    for (let at = 0; at < 10; at++) {
      await turns();
      bench.clock.advance(100);
    }
    expect(await error).toBeInstanceOf(TimeoutError);
    expect((await error).message).toContain('nowhere');
    expect(calls).toEqual([await error]);
    expect(interceptor.acknowledged).toHaveLength(1);
    expect(bench.network.metadataRequests.length).toBeGreaterThan(3);
    await bench.producer.close();
  });

  it('G-11 waits for a partition that is not there yet, and gives up after max.block.ms', async () => {
    const bench = new TestBench({ 'max.block.ms': 1000 });
    const early = bench.producer.send({ topic: TOPIC, value: 'v', partition: 3 });
    await turns();
    bench.network.topology = { leaders: { [TOPIC]: [0, 0, 0, 0] } };
    bench.clock.advance(500);
    await turns();
    await early;

    const late = rejection(bench.producer.send({ topic: TOPIC, value: 'v', partition: 4 }));
    for (let at = 0; at < 10; at++) {
      await turns();
      bench.clock.advance(100);
    }
    expect(await late).toBeInstanceOf(TimeoutError);
    expect((await late).message).toContain('Partition 4');
    await bench.answerAll();
    await bench.producer.close();
  });

  it('G-12 asks for metadata once while it knows the topic, and again when they are too old', async () => {
    const bench = new TestBench({ 'metadata.max.age.ms': 10_000 });
    for (let at = 0; at < 5; at++) {
      await bench.producer.send({ topic: TOPIC, value: 'v' });
      await bench.answerAll();
    }
    expect(bench.network.metadataRequests).toHaveLength(1);
    bench.clock.advance(10_000);
    await turns();
    expect(bench.network.metadataRequests).toHaveLength(2);
    await bench.producer.close();
  });

  it('G-13 rejects a topic name that the cluster calls illegal, at once', async () => {
    const bench = new TestBench({}, {}, { leaders: {}, errorCodes: { 'a/b': 17 } });
    const error = await rejection(bench.producer.send({ topic: 'a/b', value: 'v' }));
    expect(error).toBeInstanceOf(InvalidTopicError);
    await bench.producer.close();
  });

  it('G-02 G-03 chains interceptors and skips one that throws', async () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const bad = new Recording('bad');
    bad.onSend = () => {
      throw new Error('bad');
    };
    const values: string[] = [];
    const valueSerializer = {
      serialize: (_: string, data: string | null) => (values.push(data!), Buffer.from(data!)),
    };
    const interceptors = [new Recording('One'), bad, new Recording('Two')];
    const bench = new TestBench({}, { interceptors, valueSerializer });
    await bench.producer.send({ topic: TOPIC, value: 'value' });
    expect(values).toEqual(['valueOneTwo']);
    await bench.answerAll();
    // G-04
    expect(interceptors.map(({ acknowledged }) => acknowledged.length)).toEqual([1, 1, 1]);
    await bench.producer.close();
    warning.mockRestore();
  });

  it('G-15 calls the interceptor before the callback when the broker has answered', async () => {
    const order: string[] = [];
    const interceptor = new Recording();
    interceptor.onAcknowledgement = () => void order.push('interceptor');
    const bench = new TestBench({}, { interceptors: [interceptor] });
    await bench.producer.send({ topic: TOPIC, value: 'v' }, () => order.push('callback'));
    await bench.answerAll();
    expect(order).toEqual(['interceptor', 'callback']);
    await bench.producer.close();
  });

  it('G-22 names serializer and value when the type is wrong, without a callback, and goes on', async () => {
    const bench = new TestBench();
    const callback = jest.fn();
    const error = await rejection(bench.producer.send({ topic: TOPIC, value: 42 as never }, callback));
    expect(error).toBeInstanceOf(SerializationError);
    expect(error.message).toMatch(/^The value of a record for topic orders .*StringSerializer.*number 42/);
    expect(callback).not.toHaveBeenCalled();
    await bench.producer.send({ topic: TOPIC, value: '42' });
    await bench.answerAll();
    await bench.producer.close();
  });

  it('D-06 D-17 rejects with BufferExhaustedError when memory does not come free within max.block.ms', async () => {
    const bench = new TestBench({ 'buffer.memory': 16_384, 'max.block.ms': 1000 });
    const first = await bench.producer.send({ topic: TOPIC, partition: 0, value: 'v' });
    const second = rejection(bench.producer.send({ topic: TOPIC, partition: 1, value: 'v' }));
    await turns();
    bench.clock.advance(1000);
    expect(await second).toBeInstanceOf(BufferExhaustedError);
    await bench.answerAll();
    await first.get();
    await bench.producer.close();
  });

  it('waits for memory and goes on when the broker has answered', async () => {
    const bench = new TestBench({ 'buffer.memory': 16_384 });
    await bench.producer.send({ topic: TOPIC, partition: 0, value: 'v' });
    const second = bench.producer.send({ topic: TOPIC, partition: 1, value: 'v' });
    await bench.answerAll();
    await (await second).get();
    expect(bench.producer.metrics().find(({ name }) => name === 'waiting-threads')?.value).toBe(0);
    await bench.producer.close();
  });

  it('raises no unhandled rejection when nobody looks', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const bench = new TestBench({ 'max.request.size': 1000, 'max.block.ms': 10 });
    void bench.producer.send({ topic: TOPIC, value: 'x'.repeat(2000) });
    void bench.producer.send({ topic: 'nowhere', value: 'v' });
    void bench.producer.send({ topic: TOPIC, value: 'v' }).then((future) => void future.get());
    await turns();
    bench.clock.advance(10);
    for (const open of [...bench.network.open]) open.answer({ errorCode: 29 });
    await turns();
    await bench.producer.close({ timeoutMs: 0 });
    await turns();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('lets the network have its turns while a loop of sends never waits for anything else', async () => {
    const bench = new TestBench({ 'buffer.memory': 1_000_000_000, 'batch.size': 1000 });
    let sent = 0;
    while (bench.network.requests.length < 3 && sent < 5_000_000) {
      await bench.producer.send({ topic: TOPIC, value: 'x'.repeat(100) });
      sent++;
    }
    expect(bench.network.requests.length).toBeGreaterThanOrEqual(3);
    await bench.answerAll();
    await bench.producer.close({ timeoutMs: 0 });
  });
});

describe('flush() and close()', () => {
  it('E-19 K-04 completes all earlier futures, whatever the linger', async () => {
    const bench = new TestBench({ 'linger.ms': 100_000_000, 'delivery.timeout.ms': 200_000_000 });
    const futures = [];
    for (let at = 0; at < 50; at++)
      futures.push(await bench.producer.send({ topic: TOPIC, value: `value${at}` }));
    await turns();
    expect(futures.some((future) => future.isDone())).toBe(false);

    const flushed = bench.producer.flush();
    bench.clock.advance(5);
    await bench.answerAll();
    await flushed;
    expect(futures.every((future) => future.isDone())).toBe(true);
    expect(bench.producer.metrics().find(({ name }) => name === 'flush-time-ns-total')?.value).toBe(
      5_000_000,
    );
    await bench.producer.close();
  });

  it('G-16 refuses a record after close; interceptors see it all the same', async () => {
    const interceptor = new Recording();
    const bench = new TestBench({}, { interceptors: [interceptor] });
    await bench.producer.close();
    const error = await rejection(bench.producer.send({ topic: TOPIC, value: 'late' }));
    expect(error).toBeInstanceOf(IllegalStateError);
    expect(interceptor.sent).toEqual(['late']);
  });

  it('G-17 closes once however often it is asked, refuses a negative timeout, and flushes after close', async () => {
    const bench = new TestBench();
    expect(await rejection(bench.producer.close({ timeoutMs: -1 }))).toBeInstanceOf(IllegalArgumentError);
    await Promise.all([bench.producer.close(), bench.producer.close()]);
    await bench.producer.flush();
    expect(bench.network.closed).toBe(true);
  });

  it('G-18 H-20 sends what is left before it closes', async () => {
    const bench = new TestBench({ 'linger.ms': 100_000_000, 'delivery.timeout.ms': 200_000_000 });
    const future = await bench.producer.send({ topic: TOPIC, value: 'v' });
    const closed = bench.producer.close();
    await bench.answerAll(3n);
    await closed;
    expect((await future.get()).offset).toBe(3n);
  });

  it('G-18 H-20 fails what is left when the time is over, or at once with 0', async () => {
    for (const timeoutMs of [50, 0]) {
      const bench = new TestBench();
      const future = await bench.producer.send({ topic: TOPIC, value: 'v' });
      const closed = bench.producer.close({ timeoutMs });
      await turns();
      bench.clock.advance(timeoutMs);
      await closed;
      expect(await rejection(future.get())).toBeInstanceOf(KafkaError);
      expect(bench.clock.pending).toBe(0);
    }
  });

  it('G-18 closes at once from within a callback', async () => {
    const bench = new TestBench({ 'batch.size': 1 });
    const closed: Promise<void>[] = [];
    const first = await bench.producer.send({ topic: TOPIC, partition: 0, value: 'v' }, () => {
      closed.push(bench.producer.close());
    });
    const second = await bench.producer.send({ topic: TOPIC, partition: 1, value: 'v' });
    await turns();
    bench.network.open[0]!.answer([{ baseOffset: 0n }]);
    await turns();
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
    expect(first.isDone()).toBe(true);
    expect(second.isDone()).toBe(true);
  });

  it('G-19 rejects a send() that waits for metadata when it closes at once', async () => {
    const bench = new TestBench();
    const waiting = rejection(bench.producer.send({ topic: 'nowhere', value: 'v' }));
    await turns();
    await bench.producer.close({ timeoutMs: 0 });
    expect((await waiting).constructor).toBe(KafkaError);
  });

  it('G-19 rejects a send() that waits for metadata when the time of close() is over', async () => {
    const bench = new TestBench();
    const waiting = rejection(bench.producer.send({ topic: 'nowhere', value: 'v' }));
    await turns();
    const closed = bench.producer.close({ timeoutMs: 1000 });
    await turns();
    bench.clock.advance(1000);
    await closed;
    expect((await waiting).constructor).toBe(KafkaError);
  });

  it.each(['flush', 'close'] as const)(
    'sends the records of calls that nobody awaited before %s() does its work, on a cold producer too',
    async (method) => {
      const bench = new TestBench({ 'linger.ms': 100_000, 'delivery.timeout.ms': 200_000 });
      const sent = ['a', 'b'].map((value) => bench.producer.send({ topic: TOPIC, value }));
      let isDone = false;
      const done = bench.producer[method]().then(() => (isDone = true));
      await turns();
      expect(isDone).toBe(false);
      await bench.answerAll();
      await done;
      for (const future of await Promise.all(sent)) expect((await future.get()).topic).toBe(TOPIC);
      await bench.producer.close();
    },
  );

  it('is shortened by a second close() with less time', async () => {
    const bench = new TestBench();
    const future = await warm(bench);
    const closed = bench.producer.close();
    await turns();
    await bench.producer.close({ timeoutMs: 0 });
    await closed;
    expect((await rejection(future.get())).message).toMatch(/it may have been written/);
  });

  it('G-20 C-25 configures and closes each plug-in once, also when the constructor fails', async () => {
    const counts = { configured: 0, closed: 0 };
    const plugin = {
      serialize: (_: string, data: string | null) => (data === null ? null : Buffer.from(data)),
      partition: () => 0,
      onSend: (record: ProducerRecord<string, string>) => record,
      configure: () => void counts.configured++,
      close: () => void counts.closed++,
    };
    const options = { keySerializer: plugin, valueSerializer: plugin, partitioner: plugin };
    const bench = new TestBench({}, { ...options, interceptors: [plugin] });
    await bench.producer.close();
    expect(counts).toEqual({ configured: 4, closed: 4 });

    const failing = {
      ...plugin,
      configure: () => {
        throw new Error('not like this');
      },
    };
    expect(() => new TestBench({}, { ...options, interceptors: [plugin, failing] })).toThrow(KafkaError);
    expect(counts.closed).toBe(4 + 5);
  });

  it('G-21 needs a topic in partitionsFor(), and knows its partitions', async () => {
    const bench = new TestBench();
    expect(await rejection(bench.producer.partitionsFor(null as never))).toBeInstanceOf(IllegalArgumentError);
    const partitions = await bench.producer.partitionsFor(TOPIC);
    expect(partitions.map(({ partition, leader }) => [partition, leader])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    await bench.producer.close();
  });
});

describe('Constructor', () => {
  it('C-22 needs serializers', () => {
    expect(() => new TestBench({}, { keySerializer: null as never })).toThrow(ConfigError);
  });

  it('says that there are no transactions', () => {
    expect(() => new TestBench({ 'transactional.id': 'tx', 'enable.idempotence': true })).toThrow(
      /transactional\.id/,
    );
  });

  it('C-23 shows every plug-in the generated client id', async () => {
    const seen: unknown[] = [];
    const configure = (config: Readonly<Record<string, unknown>>) => void seen.push(config['client.id']);
    const serializer = { serialize: () => null, configure };
    const bench = new TestBench(
      {},
      {
        keySerializer: serializer,
        valueSerializer: serializer,
        partitioner: { partition: () => 0, configure },
        interceptors: [{ onSend: (record) => record, configure }],
      },
    );
    expect(bench.producer.clientId).toMatch(/^producer-\d+$/);
    expect(seen).toEqual(Array.from({ length: 4 }, () => bench.producer.clientId));
    await bench.producer.close();
  });
});

describe('Metrics', () => {
  it('K-10 are gone once the producer is closed', async () => {
    const bench = new TestBench();
    expect(bench.producer.metrics().length).toBeGreaterThan(30);
    await bench.producer.close();
    expect(bench.producer.metrics()).toEqual([]);
  });

  it('have a Prometheus form with the names of Micrometer', async () => {
    const bench = new TestBench({ 'client.id': 'shop' });
    await bench.producer.send({ topic: TOPIC, value: 'v' });
    await bench.answerAll();
    const { body, contentType } = await prometheusMetrics([bench.producer]);
    expect(contentType).toContain('text/plain');
    expect(body).toContain('kafka_producer_record_send_total{client_id="shop"} 1');
    expect(body).toContain('kafka_producer_topic_record_send_total{client_id="shop",topic="orders"} 1');
    expect(body).toMatch(/kafka_producer_batch_size_avg\{client_id="shop"\} \d+/);
    expect(body).toContain('kafka_producer_node_request_latency_avg{client_id="shop",node_id="node-0"}');
    await bench.producer.close();
  });
});

describe('Trace', () => {
  it('tells the walk of a record, stage by stage', async () => {
    const recorder = new TraceRecorder();
    const bench = new TestBench(
      {},
      { trace: recorder.listener, interceptors: [{ onSend: (record) => record }] },
    );
    await bench.producer.send({ topic: TOPIC, value: 'v' });
    await bench.answerAll();
    expect(recorder.ofRecord(1).map(({ stage }) => stage)).toEqual([
      'send',
      'intercepted',
      'serialized',
      'waiting',
      'batch-opened',
      'partitioned',
      'appended',
      'batch-drained',
      'request-sent',
      'response',
      'batch-completed',
      'completed',
    ]);
    await bench.producer.close();
  });

  it('tells of a record that never got into a batch', async () => {
    const recorder = new TraceRecorder();
    const bench = new TestBench({ 'max.request.size': 50 }, { trace: recorder.listener });
    await rejection(bench.producer.send({ topic: TOPIC, value: 'v' }));
    expect(recorder.of('rejected').map(({ record }) => record)).toEqual([1]);
    await bench.producer.close();
  });
});

describe('Records that wait', () => {
  /** 300-byte values to four partitions in turn, with memory for three batches. */
  it('all settle, although nobody awaits send() and memory is short', async () => {
    const bench = new TestBench({ 'buffer.memory': 49_152, 'linger.ms': 5 }, {}, FOUR_PARTITIONS);
    const sent = Array.from({ length: 32 }, (_, at) =>
      bench.producer.send({ topic: TOPIC, partition: at % 4, value: 'x'.repeat(300) }),
    );
    await turns();
    for (let round = 0; round < 10; round++) {
      bench.clock.advance(5);
      await bench.answerAll();
    }
    const futures = await Promise.all(sent);
    expect(futures.filter((future) => future.isDone())).toHaveLength(32);
    await bench.producer.close();
  });

  it('keep the order of send() when a smaller record comes later', async () => {
    const bench = new TestBench({ 'batch.size': 100, 'buffer.memory': 1000, 'linger.ms': 1000 });
    await bench.producer.partitionsFor(TOPIC);
    const values = ['A'.repeat(700), 'B'.repeat(20), 'C'.repeat(700), 'D'];
    const sent = values.map((value) => bench.producer.send({ topic: TOPIC, partition: 0, value }));
    await bench.answerAll();
    bench.clock.advance(1000);
    await bench.answerAll();
    await Promise.all(sent);
    const written = bench.network.requests.flatMap(({ batches }) =>
      batches.flatMap((batch) => [...batch.records()].map(({ value }) => value!.toString()[0])),
    );
    expect(written).toEqual(['A', 'B', 'C', 'D']);
    await bench.producer.close();
  });

  it.each([
    ['memory', true],
    ['metadata', false],
  ])(
    'for %s are sent with the bytes that they had, though the serializer uses its buffer again',
    async (_, isWarm) => {
      const reused = Buffer.alloc(500);
      const valueSerializer = { serialize: (_topic: string, data: string | null) => reused.fill(data!) };
      const bench = new TestBench(
        { 'batch.size': 600, 'buffer.memory': 700, 'linger.ms': 0 },
        { valueSerializer },
      );
      if (isWarm) await bench.producer.partitionsFor(TOPIC);
      const sent = [...'ABCD'].map((value) => bench.producer.send({ topic: TOPIC, partition: 0, value }));
      await bench.answerAll();
      await Promise.all(sent);
      await bench.answerAll();
      const written = bench.network.requests.flatMap(({ batches }) =>
        batches.flatMap((batch) => [...batch.records()].map(({ value }) => value!.toString()[499])),
      );
      expect(written).toEqual(['A', 'B', 'C', 'D']);
      await bench.producer.close();
    },
  );

  it('for metadata are sent as they were when send() was called', async () => {
    const bench = new TestBench();
    const header = { key: 'h', value: Buffer.from('before') };
    const record = { topic: TOPIC, partition: 0, value: 'before', headers: [header] };
    const sent = bench.producer.send(record);
    record.value = 'after';
    record.partition = 2;
    header.value.write('afterX');
    await bench.answerAll();
    expect((await (await sent).get()).partition).toBe(0);
    const [written] = [...bench.network.requests[0]!.batches[0]!.records()];
    expect([written!.value!.toString(), written!.headers[0]!.value!.toString()]).toEqual([
      'before',
      'before',
    ]);
    await bench.producer.close();
  });

  it('for a new topic ask for its metadata at once, not after the backoff of the last successful request', async () => {
    const bench = new TestBench({}, {}, { leaders: { [TOPIC]: [0], second: [0] } });
    await bench.producer.partitionsFor(TOPIC);
    bench.clock.advance(1);
    const sent = bench.producer.send({ topic: 'second', value: 'v' });
    await bench.answerAll();
    expect((await (await sent).get()).topic).toBe('second');
    await bench.producer.close();
  });
});

describe('User code that fails', () => {
  it('in an asynchronous callback is a warning, not an unhandled rejection', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const bench = new TestBench();
    const sent = bench.producer.send({ topic: TOPIC, value: 'v' }, () => Promise.reject(new Error('no')));
    await bench.answerAll();
    await (await sent).get();
    await turns();
    expect(warnings).toHaveBeenCalledWith('A callback of send() rejected; the error was ignored: no');
    warnings.mockRestore();
    await bench.producer.close();
  });

  it('as a pool whose deallocate() throws fails every record and leaves the process alone', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const bufferPool = {
      availableMemory: 1000,
      queued: 0,
      allocate: () => Promise.resolve(),
      deallocate: () => {
        throw new Error('my pool');
      },
    };
    const bench = new TestBench({ 'batch.size': 0 }, { parts: { bufferPool } });
    await bench.producer.partitionsFor(TOPIC);
    const futures = await Promise.all(
      ['a', 'b', 'c'].map((letter) =>
        bench.producer.send({ topic: TOPIC, partition: 0, value: letter.repeat(100) }),
      ),
    );
    await bench.answerAll();
    const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    const later = await rejection(bench.producer.send({ topic: TOPIC, value: 'd' }));
    expect(later.message).toMatch(/my pool/);
    await bench.producer.close();
    warnings.mockRestore();
  });
});

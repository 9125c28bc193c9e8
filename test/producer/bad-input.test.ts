import { createTopic, deleteTopics, useKafka } from '../../src/broker/index';
import type { CourseKafka } from '../../src/broker/index';
import { readLog } from '../../src/network/log-reader';
import { ByteArraySerializer, KafkaProducer, StringSerializer } from '../../src/producer/index';
import type { KafkaProducerOptions, Partitioner, ProducerConfig, Serializer } from '../../src/producer/index';

/** One sentence: it ends with a full stop, and no other is followed by a capital letter. */
const ONE_SENTENCE = /^(?!.*[.!?] [A-Z]).+[.?]$/;

interface Refusal {
  readonly error: string;
  readonly message: string;
}

async function refusalOf(call: () => Promise<unknown>): Promise<Refusal> {
  try {
    await call();
  } catch (error) {
    return { error: (error as Error).constructor.name, message: (error as Error).message };
  }
  throw new Error('It was not refused.');
}

let kafka: CourseKafka;
let topic: string;
beforeAll(async () => {
  kafka = await useKafka();
  topic = await createTopic(kafka, { name: 'bad-input', partitions: 3 });
});
afterAll(async () => {
  await deleteTopics(kafka, [topic]);
  await kafka.stop();
});

type Options = Partial<KafkaProducerOptions<string, string>>;

function makeProducer(config: ProducerConfig = {}, options: Options = {}): KafkaProducer<string, string> {
  return new KafkaProducer<string, string>(
    { 'bootstrap.servers': kafka.bootstrapServers, 'max.request.size': 2000, 'max.block.ms': 300, ...config },
    {
      keySerializer: new StringSerializer(),
      valueSerializer: new StringSerializer(),
      connection: kafka.connection,
      ...options,
    },
  );
}

describe('A record that cannot be sent is refused, and the producer goes on', () => {
  let producer: KafkaProducer<string, string>;
  beforeAll(() => {
    producer = makeProducer();
  });
  afterAll(() => producer.close());

  const good = { key: 'good', value: 'good', partition: 0 };
  /** The next record comes to lie behind the one before: nothing of the bad one was written. */
  const expectNextToBeDelivered = async () => {
    const { offset } = await (await producer.send({ topic, ...good })).get();
    const log = await readLog(kafka, { topic, partition: 0 });
    expect(BigInt(log.length)).toBe(offset + 1n);
    expect(log.every(({ value }) => String(value) === 'good')).toBe(true);
  };

  it.each<[string, unknown, string, RegExp]>([
    ['null', null, 'IllegalArgumentError', /null is not one/],
    ['a text', 'orders', 'IllegalArgumentError', /orders is not one/],
    ['without a topic', { value: 'v' }, 'IllegalArgumentError', /topic .* not undefined/],
    ['with a number as its topic', { topic: 5 }, 'IllegalArgumentError', /topic .* not 5/],
    ['with a negative partition', { partition: -1 }, 'IllegalArgumentError', /TOPIC .*from 0 on, not -1/],
    ['with half a partition', { partition: 1.5 }, 'IllegalArgumentError', /TOPIC .*not 1\.5/],
    [
      'with an object as its partition',
      { partition: Object.create(null) as object },
      'IllegalArgumentError',
      /an object/,
    ],
    [
      'with a partition that there is not',
      { partition: 99 },
      'TimeoutError',
      /Partition 99 of topic TOPIC .*3 part/,
    ],
    [
      'with a date as its timestamp',
      { timestamp: new Date(0) },
      'IllegalArgumentError',
      /milliseconds.*Date/,
    ],
    [
      'with an object as its headers',
      { headers: { a: 'b' } },
      'IllegalArgumentError',
      /TOPIC .*array.*not Object/,
    ],
    [
      'with a text in a header',
      { headers: [{ key: 'h', value: 'x' }] },
      'IllegalArgumentError',
      /"h".*Buffer/,
    ],
    ['with null for a header', { headers: [null] }, 'IllegalArgumentError', /TOPIC .*\{ key, value \}/],
    [
      'with a number as its value',
      { key: 'k', value: 42 },
      'SerializationError',
      /value .*TOPIC with key "k".*42/,
    ],
    ['with a number as its key', { key: 42 }, 'SerializationError', /key of .*TOPIC with key 42.*number 42/],
    ['too large', { key: 'k', value: 'x'.repeat(2000) }, 'RecordTooLargeError', /TOPIC with key "k" .*2000/],
    ['for a topic that there is not', { topic: 'course-nowhere' }, 'TimeoutError', /course-nowhere .*300 ms/],
    ['for a topic with an illegal name', { topic: 'a/b' }, 'InvalidTopicError', /"a\/b"/],
  ])('%s', async (_, given, error, message) => {
    const isObject = typeof given === 'object' && given !== null;
    const isWhole = isObject && ('topic' in given || Object.keys(given).join() === 'value');
    const record = isObject && !isWhole ? { topic, ...given } : given;
    const refusal = await refusalOf(() => producer.send(record as never));
    expect(refusal.error).toBe(error);
    expect(refusal.message.replaceAll(topic, 'TOPIC')).toMatch(message);
    expect(refusal.message).toMatch(ONE_SENTENCE);
    await expectNextToBeDelivered();
  });

  it('with something for a callback that is none', async () => {
    const { error, message } = await refusalOf(() =>
      producer.send({ topic, key: 'k', value: 'v' }, 42 as never),
    );
    expect([error, message]).toEqual([
      'IllegalArgumentError',
      `The callback for a record for topic ${topic} with key "k" must be a function, not number.`,
    ]);
    await expectNextToBeDelivered();
  });

  it('that the broker finds invalid: its answer is told by get()', async () => {
    const compacted = await createTopic(kafka, {
      name: 'compacted',
      partitions: 1,
      configs: { 'cleanup.policy': 'compact' },
    });
    try {
      const keyless = await producer.send({ topic: compacted, value: 'v' });
      const { error, message } = await refusalOf(() => keyless.get());
      expect(error).toBe('InvalidRecordError');
      expect(message).toContain(compacted);
      const keyed = await producer.send({ topic: compacted, key: 'k', value: 'v' });
      expect((await keyed.get()).offset).toBe(0n);
    } finally {
      await deleteTopics(kafka, [compacted]);
    }
  });
});

describe('A part that misbehaves', () => {
  const serializing = (serialize: Serializer<string>['serialize']): Options => ({
    valueSerializer: { serialize },
  });
  const placing = (partition: Partitioner['partition']): Options => ({ partitioner: { partition } });
  const returning = (returned: unknown) => (_topic: string, data: string | null) =>
    data === 'good' ? Buffer.from('good') : (returned as Buffer);

  it.each<[string, Options, string, RegExp]>([
    [
      'a serializer that returns a text',
      serializing(returning('text')),
      'SerializationError',
      /value.*returned string/,
    ],
    [
      'a serializer that returns nothing',
      serializing(returning(undefined)),
      'SerializationError',
      /undefined/,
    ],
    [
      'a serializer that returns a promise',
      serializing(returning(Promise.resolve())),
      'SerializationError',
      /Promise/,
    ],
    [
      'a serializer that throws',
      serializing((_, data) => {
        if (data !== 'good') throw new TypeError('no way.');
        return Buffer.from(data);
      }),
      'SerializationError',
      /TOPIC with key "k" could not be serialized: no way/,
    ],
    ...[Number.NaN, 1.5, -1, 3, undefined, '1'].map((partition): [string, Options, string, RegExp] => [
      `a partitioner that returns ${JSON.stringify(partition) ?? 'undefined'} (${typeof partition})`,
      placing(({ value }) => (value === 'good' ? 0 : (partition as number))),
      'IllegalArgumentError',
      new RegExp(`chose partition ${String(partition)} .*TOPIC with key "k": .*0 to 2`),
    ]),
    [
      'a partitioner that throws',
      placing(({ value }) => {
        if (value !== 'good') throw new Error('I am lost.');
        return 0;
      }),
      'Error',
      /I am lost/,
    ],
  ])('%s costs its own record only', async (_, options, error, message) => {
    const producer = makeProducer({}, options);
    try {
      const refusal = await refusalOf(() => producer.send({ topic, key: 'k', value: 'bad' }));
      expect(refusal.error).toBe(error);
      expect(refusal.message.replaceAll(topic, 'TOPIC')).toMatch(message);
      const { offset } = await (await producer.send({ topic, key: 'k', value: 'good' })).get();
      expect(offset).toBeGreaterThanOrEqual(0n);
    } finally {
      await producer.close();
    }
  });

  it('a serializer may return any Uint8Array', async () => {
    const bytes = new TextEncoder().encode('a longer text');
    const serializer = { serialize: () => bytes.subarray(2) as Buffer };
    const producer = makeProducer({}, { keySerializer: serializer, valueSerializer: serializer });
    const { partition, offset } = await (await producer.send({ topic, key: 'k', value: 'v' })).get();
    await producer.close();
    const [record] = await readLog(kafka, { topic, partition, fromOffset: offset });
    expect([String(record!.key), String(record!.value)]).toEqual(['longer text', 'longer text']);
  });

  it('callbacks, interceptors and trace listeners that throw change nothing, and are told by a warning', async () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const fail = () => {
      throw new Error('not today');
    };
    const interceptor = { onSend: fail, onAcknowledgement: fail, close: fail };
    const producer = makeProducer({}, { interceptors: [interceptor], trace: fail });
    const futures = [];
    for (let at = 0; at < 10; at++) futures.push(await producer.send({ topic, value: `${at}` }, fail));
    const delivered = await Promise.all(futures.map((future) => future.get()));
    expect(delivered.every(({ offset }) => offset >= 0n)).toBe(true);
    await producer.close();
    const told = warning.mock.calls.map(([text]) => String(text));
    warning.mockRestore();
    for (const who of ['callback', 'onSend', 'onAcknowledgement', 'close', 'trace listener']) {
      expect(told.find((text) => text.includes(who) && text.includes('not today'))).toBeDefined();
    }
  });

  it.each(['isSendable', 'bufferPool'])(
    '%s in the middle of the sender fails every record by name, and the producer can still be closed',
    async (part) => {
      const fail = () => {
        throw new Error('not my day');
      };
      const bufferPool = {
        allocate: () => Promise.resolve(),
        deallocate: fail,
        availableMemory: 1,
        queued: 0,
      };
      const producer = makeProducer(
        {},
        { parts: part === 'isSendable' ? { isSendable: fail } : { bufferPool } },
      );
      const refusals = [0, 1].map(async (partition) => {
        const future = await producer.send({ topic, partition, value: 'v' });
        // With the pool, the broker has the first records by then: only what came too late fails.
        await future.get();
        return producer.flush().then(() => producer.send({ topic, value: 'late' }));
      });
      const [first] = await Promise.all(refusals.map((promise) => refusalOf(() => promise)));
      expect(first).toEqual({
        error: 'KafkaError',
        message: expect.stringContaining('not my day') as string,
      });
      const next = await refusalOf(() => producer.send({ topic, value: 'next' }));
      expect(next).toEqual({ error: 'KafkaError', message: expect.stringContaining('not my day') as string });
      await producer.flush();
      await producer.close();
    },
  );
});

describe('A producer that cannot be made says why', () => {
  it.each<[string, ProducerConfig, RegExp]>([
    ['an unknown setting', { 'linger.msec': 1 } as ProducerConfig, /linger\.msec: did you mean linger\.ms/],
    ['a value of the wrong type', { 'linger.ms': 'soon' as never }, /linger\.ms is 'soon'/],
    ['a value out of range', { 'batch.size': -1 }, /batch\.size is -1/],
    [
      'settings that contradict each other',
      { 'enable.idempotence': true, acks: '1' },
      /acks is '1'.*enable\.idemp/,
    ],
    [
      'a delivery timeout that is too short',
      { 'delivery.timeout.ms': 10 },
      /delivery\.timeout\.ms is 10.*linger\.ms/,
    ],
  ])('%s', async (_, config, message) => {
    const { error, message: said } = await refusalOf(() =>
      Promise.resolve().then(() => makeProducer(config)),
    );
    expect(error).toBe('ConfigError');
    expect(said).toMatch(message);
    expect(said).toMatch(ONE_SENTENCE);
  });

  it.each<[string, object, RegExp]>([
    ['no serializer', { keySerializer: undefined }, /needs a keySerializer/],
    ['a class in place of a serializer', { valueSerializer: ByteArraySerializer }, /needs a valueSerializer/],
    ['a partitioner without partition()', { partitioner: {} }, /option partitioner .*partition\(\)/],
    ['an interceptor without onSend()', { interceptors: [{}] }, /interceptor .*onSend\(\)/],
    ['interceptors that are no array', { interceptors: {} }, /interceptors .*array/],
    ['a trace that is no function', { trace: {} }, /option trace .*function, not object/],
    ['an option that there is not', { partitionr: {} }, /no option partitionr: did you mean partitioner\?/],
    [
      'a part that there is not',
      { parts: { pool: {} } },
      /no part pool: there are isSendable, bufferPool, seq/,
    ],
    ['a pool without allocate()', { parts: { bufferPool: {} } }, /part bufferPool .*allocate\(\)/],
  ])('C-22 %s', async (_, options, message) => {
    const { error, message: said } = await refusalOf(() =>
      Promise.resolve().then(() => makeProducer({}, options as Options)),
    );
    expect(error).toBe('ConfigError');
    expect(said).toMatch(message);
    expect(said).toMatch(ONE_SENTENCE);
  });
});

describe('A closed producer', () => {
  it('refuses a record by its name, while another of the same process goes on', async () => {
    const [closed, open] = [makeProducer(), makeProducer()];
    await closed.close();
    expect(await refusalOf(() => closed.send({ topic, key: 'late', value: 'v' }))).toEqual({
      error: 'IllegalStateError',
      message: `The producer is closed: it cannot send a record for topic ${topic} with key "late".`,
    });
    expect((await (await open.send({ topic, value: 'v' })).get()).offset).toBeGreaterThanOrEqual(0n);
    await open.close();
  });
});

import { ConfigError } from '../../src/protocol/errors';
import { explainProducerConfig, resolveProducerConfig } from '../../src/producer/producer-config';
import type { ProducerConfig } from '../../src/producer/producer-config';
import { OTHER_PRODUCER_CONFIGS, PRODUCER_CONFIGS } from '../../src/producer/producer-configs';
import { OTHER_SECURITY_CONFIGS } from '../../src/producer/security-configs';
import kafkaConfigs from '../vectors/producer-configs-4.4.json';

const SERVERS = { 'bootstrap.servers': '127.0.0.1:9092' };
const IN_FLIGHT = 'max.in.flight.requests.per.connection';
const MAX_INT = 2147483647;
type Given = Record<string, unknown>;

const explain = (config: Given) => explainProducerConfig({ ...SERVERS, ...config });
const resolve = (config: Given) => explain(config).values;
const refused = (config: Given) => {
  let error: unknown;
  try {
    explain(config);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
};

describe('the table of producer configs', () => {
  const definitions = { ...PRODUCER_CONFIGS, ...OTHER_PRODUCER_CONFIGS, ...OTHER_SECURITY_CONFIGS };

  it('has exactly the names of Kafka 4.4', () => {
    expect(Object.keys(definitions).sort()).toEqual(kafkaConfigs.map(({ name }) => name).sort());
  });

  const serializers = ['key.serializer', 'value.serializer']; // instances here, not class names
  it.each(kafkaConfigs.filter(({ name }) => !serializers.includes(name)))(
    'gives $name the type and default of Kafka 4.4',
    (kafkaConfig) => {
      const definition = definitions[kafkaConfig.name as keyof typeof definitions];
      expect([definition.type, definition.defaultValue]).toEqual([kafkaConfig.type, kafkaConfig.default]);
      expect(definition.allowed !== undefined).toBe(
        Boolean(kafkaConfig.allowed) || kafkaConfig.name === 'bootstrap.servers',
      );
    },
  );
});

describe('idempotence', () => {
  const outcome = (config: Given) => {
    const values = resolve(config);
    return [values['enable.idempotence'], values['acks'], values['retries'], values[IN_FLIGHT]];
  };

  it('C-01 is on by default, with acks all, all retries and five in flight', () => {
    expect(outcome({})).toEqual([true, '-1', MAX_INT, 5]);
  });

  it.each(['0', '1'])('C-02 is switched off without a word by acks %s', (acks) => {
    expect(outcome({ acks })).toEqual([false, acks, MAX_INT, 5]);
    expect(explain({ acks }).warnings).toEqual([]);
  });

  it.each(['0', '1'])('C-03 that was asked for does not go with acks %s', (acks) => {
    expect(refused({ acks, 'enable.idempotence': true })).toMatch(`acks is '${acks}', but must be 'all'`);
  });

  it.each(['all', '-1', '0', '1'])('C-04 switched off goes with acks %s', (acks) => {
    expect(outcome({ acks, 'enable.idempotence': false })[0]).toBe(false);
  });

  it('C-05 and retries 0: off silently, refused when asked for, accepted when switched off', () => {
    expect(outcome({ retries: 0 })).toEqual([false, '-1', 0, 5]);
    expect(refused({ retries: 0, 'enable.idempotence': true })).toMatch(/^retries is 0/);
    expect(outcome({ retries: 0, 'enable.idempotence': false })).toEqual([false, '-1', 0, 5]);
  });

  it.each([{}, { 'enable.idempotence': true }, { acks: '1' }, { retries: 0 }])(
    'C-06, C-07 does not go with six in flight, asked for or not: %p',
    (config) => {
      expect(refused({ ...config, [IN_FLIGHT]: 6 })).toMatch(`${IN_FLIGHT} is 6, but must be at most 5`);
    },
  );

  it('C-08 switched off goes with six in flight', () => {
    expect(outcome({ 'enable.idempotence': false, [IN_FLIGHT]: 6 })).toEqual([false, '-1', MAX_INT, 6]);
  });

  it('C-09, C-10 switched off, or by acks or retries, does not go with a transactional id', () => {
    for (const config of [{ 'enable.idempotence': false }, { acks: '0' }, { retries: 0 }]) {
      expect(refused({ ...config, 'transactional.id': 'tx' })).toMatch(/transactional\.id is 'tx'/);
    }
    expect(refused({ 'transactional.id': '' })).toMatch(/transactional\.id is '', but must be not empty/);
    expect(resolve({ 'transactional.id': 'tx' })['transactional.id']).toBe('tx');
  });

  it('C-11 counts as asked for when the name is there, whatever the value', () => {
    expect(explain({ 'enable.idempotence': 'true', acks: 'all' }).explicit.has('enable.idempotence')).toBe(
      true,
    );
    expect(refused({ 'enable.idempotence': undefined, acks: '1' })).toMatch(/acks/);
  });
});

describe('delivery.timeout.ms', () => {
  const timeouts = (delivery: number, linger: number, request: number) => ({
    'delivery.timeout.ms': delivery,
    'linger.ms': linger,
    'request.timeout.ms': request,
  });

  it('C-12 set below linger + request timeout is refused', () => {
    expect(refused(timeouts(1000, 1000, 1))).toBe(
      'delivery.timeout.ms is 1000, but must be at least linger.ms + request.timeout.ms = 1000 + 1.',
    );
    expect(refused({ 'delivery.timeout.ms': 10000 })).toMatch(/5 \+ 30000/);
  });

  it('C-13 may be equal to their sum', () => {
    expect(resolve(timeouts(1000, 999, 1))['delivery.timeout.ms']).toBe(1000);
  });

  it('C-14 left out is raised to their sum, with a warning', () => {
    const { values, warnings } = explain({ 'linger.ms': 100000 });
    expect(values['delivery.timeout.ms']).toBe(130000);
    expect(warnings).toEqual([expect.stringMatching(/raised from 120000 to 130000/)]);
  });

  it('C-15 is never raised above the largest int', () => {
    expect(resolve({ 'linger.ms': MAX_INT })['delivery.timeout.ms']).toBe(MAX_INT);
  });
});

describe('values', () => {
  it.each(['ALL', '2', 1, ''])('C-16 acks %p is refused', (acks) => {
    expect(refused({ acks })).toMatch(/^acks is .*, but must be one of 'all', '-1', '0', '1'\.$/);
  });

  it.each(['abc', 'GZIP', null, 3])('C-17 compression type %p is refused', (type) => {
    expect(refused({ 'compression.type': type })).toMatch(/'none', 'gzip', 'snappy', 'lz4', 'zstd'/);
  });

  const NOT_NEGATIVE = [
    'batch.size',
    'linger.ms',
    'buffer.memory',
    'max.block.ms',
    'max.request.size',
    'request.timeout.ms',
    'delivery.timeout.ms',
    'retries',
    'retry.backoff.ms',
    'retry.backoff.max.ms',
    'partitioner.availability.timeout.ms',
  ];
  it.each(NOT_NEGATIVE)('C-18 %s -1 is refused', (name) => {
    expect(refused({ [name]: -1 })).toMatch(`${name} is -1, but must be a whole number from 0 on`);
  });

  it.each(['batch.size', 'buffer.memory', 'max.block.ms'])('C-18 %s 0 is accepted', (name) => {
    expect(resolve({ [name]: 0 })[name]).toBe(0);
  });

  it('C-18, C-19 other limits are Kafka 4.4s too', () => {
    expect(refused({ [IN_FLIGHT]: 0 })).toMatch(/from 1 on/);
    expect(refused({ 'metadata.max.idle.ms': 4999 })).toMatch(/from 5000 on/);
    expect(refused({ 'send.buffer.bytes': -2 })).toMatch(/from -1 on/);
    expect(refused({ 'compression.gzip.level': 10 })).toMatch(/a whole number: -1, or from 1 to 9/);
    expect(resolve({ 'send.buffer.bytes': -1, 'compression.gzip.level': -1 })).toBeDefined();
  });

  it('C-20 are taken from text, but not beyond their type', () => {
    const values = resolve({ retries: ' 7 ', 'enable.idempotence': 'TRUE', 'linger.ms': '20' });
    expect([values['retries'], values['enable.idempotence'], values['linger.ms']]).toEqual([7, true, 20]);
    expect(refused({ retries: '2147483648' })).toBe(
      "retries is '2147483648', but must be a whole number from 0 on, and at most 2147483647.",
    );
    expect(refused({ 'enable.idempotence': 'maybe' })).toBe(
      "enable.idempotence is 'maybe', but must be true or false.",
    );
    for (const wrong of [1.5, NaN, '1.5', '', {}, [], true])
      expect(refused({ 'linger.ms': wrong })).toMatch(/^linger\.ms is/);
  });

  it('a long may be beyond 53 bits, as Long.MAX_VALUE for no limit', () => {
    expect(resolve({ 'linger.ms': '9223372036854775807' })['linger.ms']).toBeGreaterThan(
      Number.MAX_SAFE_INTEGER,
    );
  });

  it('C-27 bootstrap.servers has to be there, with hosts and ports', () => {
    expect(() => explainProducerConfig({})).toThrow(/^bootstrap\.servers is missing/);
    for (const servers of [
      '',
      ' , ',
      [],
      'localhost',
      'localhost:',
      'localhost:abc',
      'localhost:0',
      'a b:9092',
    ]) {
      expect(refused({ 'bootstrap.servers': servers })).toMatch(/^bootstrap\.servers is/);
    }
    expect(resolve({ 'bootstrap.servers': 'a:1, [::1]:2' })['bootstrap.servers']).toEqual(['a:1', '[::1]:2']);
    expect(resolve({ 'bootstrap.servers': ['a:1', 'b:2'] })['bootstrap.servers']).toEqual(['a:1', 'b:2']);
  });
});

describe('names', () => {
  it('C-23 a producer without a client id gets the next number of the process; a transactional one the name of its id', () => {
    const number = (config: Given) =>
      Number(/^producer-(\d+)$/.exec(resolve(config)['client.id'] as string)?.[1]);
    expect(number({}) + 1).toBe(number({}));
    expect(resolve({ 'client.id': 'mine' })['client.id']).toBe('mine');
    expect(resolve({ 'transactional.id': 'tx' })['client.id']).toBe('producer-tx');
  });

  it('C-24 unlike in Java, an unknown one is an error, which suggests the nearest', () => {
    expect(refused({ 'linger.mss': 5 })).toBe(
      'There is no producer config linger.mss: did you mean linger.ms?',
    );
    expect(refused({ lingerMs: 5 })).toMatch(/did you mean linger\.ms\?/);
    expect(refused({ 'something.else.entirely': 5 })).toMatch(/use the names of Kafka's producer/);
  });

  it('says what a known name that has no effect here does not do', () => {
    expect(explain({ 'send.buffer.bytes': 65536 }).warnings).toEqual([
      expect.stringMatching(/^send\.buffer\.bytes is 65536, which changes nothing: .*\.$/),
    ]);
    expect(explain({ 'send.buffer.bytes': 131072 }).warnings).toEqual([]);
  });

  it.each([
    ['key.serializer', 'org.apache.kafka.common.serialization.StringSerializer', /keySerializer/],
    ['partitioner.class', 'com.example.Mine', /partitioner in the second argument/],
    ['sasl.kerberos.service.name', 'kafka', /PLAIN or SCRAM/],
    ['transaction.two.phase.commit.enable', true, /no transactions/],
  ])('C-26 refuses %s, which would do something else than asked', (name, value, reason) => {
    expect(refused({ [name]: value })).toMatch(reason);
  });

  it('C-14 gives warnings to the process, and values to whoever resolves', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const values = resolveProducerConfig({ ...SERVERS, 'linger.ms': 100000 });
    expect(values['delivery.timeout.ms']).toBe(130000);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/raised/), 'ProducerConfigWarning');
    warn.mockRestore();
  });

  it('refuses what is no config at all', () => {
    expect(() => explainProducerConfig(null as unknown as ProducerConfig)).toThrow(ConfigError);
    expect(() => explainProducerConfig('linger.ms=5' as unknown as ProducerConfig)).toThrow(ConfigError);
  });
});

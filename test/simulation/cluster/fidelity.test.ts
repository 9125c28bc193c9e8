import fc from 'fast-check';
import { createTopic, deleteTopics, useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { plannedSequence } from './support/planned-batch';
import { inWords, TwinPartitions } from './support/twin-partitions';

/** Sequences that are sent at the same time, each to a partition of its own. */
const PARTITIONS = 12;
/** Times that number, and times the eleven settings: 1,320 sequences. `FIDELITY_RUNS` asks for more, `FIDELITY_SEED` for others. */
const RUNS = Number(process.env['FIDELITY_RUNS'] ?? 10);
const SEED = Number(process.env['FIDELITY_SEED'] ?? 20_260_101);
/** Shrinking sends everything over and over again: on demand, when a difference has been found. */
const SHRINK = process.env['FIDELITY_SHRINK'] !== undefined;

const SETTINGS: Record<string, Record<string, string>> = {
  defaults: {},
  'cleanup.policy=compact': { 'cleanup.policy': 'compact' },
  'message.timestamp.type=LogAppendTime': { 'message.timestamp.type': 'LogAppendTime' },
  'a small max.message.bytes': { 'max.message.bytes': '200' },
  'records of the last minute only': {
    'message.timestamp.before.max.ms': '60000',
    'message.timestamp.after.max.ms': '60000',
  },
  'compact, records of the last minute only': {
    'cleanup.policy': 'compact,delete',
    'message.timestamp.before.max.ms': '60000',
  },
  'compression.type=uncompressed': { 'compression.type': 'uncompressed' },
  'compression.type=uncompressed, a small max.message.bytes': {
    'compression.type': 'uncompressed',
    'max.message.bytes': '150',
  },
  'compression.type=gzip': { 'compression.type': 'gzip' },
  'compression.type=lz4, LogAppendTime': {
    'compression.type': 'lz4',
    'message.timestamp.type': 'LogAppendTime',
  },
  'compression.type=zstd, compact': { 'compression.type': 'zstd', 'cleanup.policy': 'compact' },
};

let kafka: CourseKafka;
const topics: string[] = [];
const outcomes = new Map<string, number>();
let sequences = 0;

beforeAll(async () => {
  kafka = await useKafka();
}, 180_000);

afterAll(async () => {
  await deleteTopics(kafka, topics);
  await kafka.stop();
});

describe('the simulated partition log and Kafka 4.4.0 make the same of the same batches', () => {
  it.each(Object.entries(SETTINGS))(
    '%s',
    async (_name, configs) => {
      const topic = await createTopic(kafka, {
        name: 'fidelity',
        partitions: PARTITIONS,
        replicationFactor: 1,
        configs,
      });
      topics.push(topic);
      const twin = await TwinPartitions.connect(kafka, { topic, partitions: PARTITIONS, config: configs });
      try {
        const plans = fc.array(plannedSequence, { minLength: PARTITIONS, maxLength: PARTITIONS });
        const property = fc.asyncProperty(plans, async (sent) => {
          sequences += sent.length;
          const responses = await twin.send(sent);
          const logs = await twin.compareLogs();
          const different = [...responses.map((step) => inWords(step)), ...logs];
          if (different.length > 0) throw new Error(different.join('\n'));
        });
        await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: !SHRINK });
      } finally {
        await twin.close();
        for (const [outcome, count] of twin.outcomes)
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
      }
    },
    600_000,
  );

  it('with at least 1,000 sequences, and every outcome that a partition has for a batch among them', () => {
    expect(sequences).toBeGreaterThanOrEqual(1000);
    const seen = [...outcomes].filter(([, count]) => count >= 10).map(([outcome]) => outcome);
    expect(new Set(seen)).toEqual(
      new Set([
        'NONE',
        'DUPLICATE',
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
        'INVALID_PRODUCER_EPOCH',
        'CORRUPT_MESSAGE',
        'INVALID_RECORD',
        'INVALID_TIMESTAMP',
        'MESSAGE_TOO_LARGE',
        'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
        'UNKNOWN_SERVER_ERROR',
      ]),
    );
  });
});

/** JSON schemas of the lab's requests. Numbers of a query arrive as text and are read as numbers. */

const HIGHEST_MESSAGES = 1_000_000;
/** Paced, one record per batch: more would be minutes. */
const HIGHEST_LOW_LATENCY_COUNT = 10_000;
const HIGHEST_BATCH_SIZE = 8 * 1024 * 1024;
const HIGHEST_LINGER_MS = 10_000;

const count = (byDefault: number, maximum: number) => ({
  type: 'object',
  additionalProperties: false,
  properties: {
    count: { type: 'integer', minimum: 1, maximum, default: byDefault, description: 'messages' },
  },
});

export const HIGH_THROUGHPUT_QUERY = count(10_000, HIGHEST_MESSAGES);
export const LOW_LATENCY_QUERY = count(100, HIGHEST_LOW_LATENCY_COUNT);

export const BENCHMARK_QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    messages: { type: 'integer', minimum: 1, maximum: HIGHEST_MESSAGES, default: 100_000 },
    size: { type: 'integer', minimum: 1, maximum: 100_000, default: 100, description: 'bytes of each value' },
    batchSize: {
      type: 'integer',
      minimum: 0,
      maximum: HIGHEST_BATCH_SIZE,
      default: 65_536,
      description: 'batch.size',
    },
    lingerMs: {
      type: 'integer',
      minimum: 0,
      maximum: HIGHEST_LINGER_MS,
      default: 50,
      description: 'linger.ms',
    },
    compression: { enum: ['none', 'gzip', 'snappy', 'lz4', 'zstd'], default: 'lz4' },
    acks: { enum: ['all', '1', '0'], default: 'all' },
  },
} as const;

export const ORDER_BODY = {
  type: 'object',
  additionalProperties: false,
  required: ['orderId', 'priority'],
  properties: {
    orderId: { type: 'string', minLength: 1, maxLength: 200 },
    customerId: {
      type: ['string', 'null'],
      maxLength: 200,
      default: null,
      description: 'the key of the record',
    },
    priority: { enum: ['HIGH', 'NORMAL', 'LOW'] },
    amountCents: { type: 'integer', minimum: 0, default: 0 },
  },
} as const;

export const LIVE_QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: { since: { type: 'integer', minimum: 0, default: 0, description: 'ms since 1970' } },
} as const;

export const ERROR_REPLY = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string', description: 'one sentence' } },
} as const;

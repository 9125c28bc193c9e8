import type { CompressionType } from '../../../producer/index';

/** How a contender sends; each has a file of its own in `clients/`. */
export type ClientKind =
  | 'ours'
  | 'kafkajs-single'
  | 'kafkajs-arrays'
  | 'platformatic-arrays'
  | 'platformatic-stream'
  | 'java'
  | 'librdkafka';

export interface Contender {
  readonly name: string;
  readonly client: ClientKind;
  readonly codec: CompressionType;
  readonly idempotent: boolean;
  /** Of the records that the fastest get: a client that is twenty times slower would take twenty times as long. */
  readonly share: number;
}

/** What the others are held against. */
export const REFERENCE = 'Java lz4';

/**
 * kafkajs runs without idempotence, because with it concurrent sends lose acknowledged records when something fails.
 * @platformatic/kafka keeps one request in flight when it is idempotent, so it runs both ways.
 */
export const CONTENDERS: readonly Contender[] = [
  { name: REFERENCE, client: 'java', codec: 'lz4', idempotent: true, share: 1 },
  { name: 'ours lz4', client: 'ours', codec: 'lz4', idempotent: true, share: 1 },
  { name: 'ours none', client: 'ours', codec: 'none', idempotent: true, share: 1 },
  { name: 'ours zstd', client: 'ours', codec: 'zstd', idempotent: true, share: 1 },
  { name: 'Java none', client: 'java', codec: 'none', idempotent: true, share: 1 },
  { name: 'librdkafka lz4', client: 'librdkafka', codec: 'lz4', idempotent: true, share: 1 },
  { name: 'platformatic lz4', client: 'platformatic-arrays', codec: 'lz4', idempotent: false, share: 0.5 },
  {
    name: 'platformatic lz4 idempotent',
    client: 'platformatic-arrays',
    codec: 'lz4',
    idempotent: true,
    share: 0.5,
  },
  { name: 'platformatic none', client: 'platformatic-arrays', codec: 'none', idempotent: false, share: 0.5 },
  { name: 'platformatic zstd', client: 'platformatic-arrays', codec: 'zstd', idempotent: false, share: 0.5 },
  {
    name: 'platformatic stream lz4',
    client: 'platformatic-stream',
    codec: 'lz4',
    idempotent: false,
    share: 0.5,
  },
  { name: 'kafkajs arrays of 1000', client: 'kafkajs-arrays', codec: 'none', idempotent: false, share: 0.2 },
  {
    name: 'kafkajs send, 256 at once',
    client: 'kafkajs-single',
    codec: 'none',
    idempotent: false,
    share: 0.03,
  },
];

export function contenderNamed(name: string): Contender {
  const found = CONTENDERS.find((contender) => contender.name === name);
  if (found === undefined) throw new RangeError(`There is no contender "${name}".`);
  return found;
}

import { PRODUCER_CONFIGS } from '../../producer/producer-configs';
import type { ProducerConfig } from '../../producer/index';
import { table } from './table';

/** What a book about Kafka 2 says of a setting, and what has changed. */
interface ClassicSetting {
  /** The default up to Kafka 2.8, as a config file has it; today's comes from the producer's own definitions. */
  readonly classic: string;
  /** Since when the default is another one, with the KIP; only where it is. */
  readonly since?: string;
  readonly meaning: string;
}

const CLASSIC_SETTINGS: Readonly<Partial<Record<keyof ProducerConfig, ClassicSetting>>> = {
  'batch.size': {
    classic: '16384',
    meaning:
      'bytes at which a batch is full (with a codec: its estimated compressed size); larger: fewer requests',
  },
  'linger.ms': {
    classic: '0',
    since: '4.0 (KIP-1030)',
    meaning: 'how long a batch may wait for more records',
  },
  'buffer.memory': { classic: '33554432', meaning: 'bytes for everything that is not acknowledged yet' },
  'max.block.ms': { classic: '60000', meaning: 'how long send() waits for memory or metadata' },
  'compression.type': { classic: 'none', meaning: 'codec of a whole batch' },
  'max.request.size': {
    classic: '1048576',
    meaning: 'largest record, uncompressed; and largest request, as it is sent',
  },
  acks: { classic: '1', since: '3.0 (KIP-679)', meaning: 'who must have a batch before it counts as sent' },
  retries: {
    classic: '2147483647',
    meaning: 'how often a batch is retried; leave it, set delivery.timeout.ms',
  },
  'enable.idempotence': {
    classic: 'false',
    since: '3.0 (KIP-679), in effect since 3.0.1, 3.1.1, 3.2',
    meaning: 'the broker drops a batch that it already has',
  },
  'max.in.flight.requests.per.connection': {
    classic: '5',
    meaning: 'requests that wait for a response, for each broker',
  },
  'delivery.timeout.ms': {
    classic: '120000',
    meaning: 'from send() to success or failure, retries included',
  },
  'request.timeout.ms': { classic: '30000', meaning: 'how long one request waits for its response' },
};

export type ConfigRow = Readonly<Record<'setting' | 'classic' | 'today' | 'since' | 'meaning', string>>;

/** Returns one row for each setting: the default in older books, today's default in this producer, and since when. */
export function configRows(names: readonly (keyof ProducerConfig)[]): ConfigRow[] {
  return names.map((name) => {
    const told = CLASSIC_SETTINGS[name];
    if (told === undefined)
      throw new RangeError(`There is no entry for ${name}: add it to CLASSIC_SETTINGS.`);
    const { classic, since = '', meaning } = told;
    return { setting: name, classic, today: String(PRODUCER_CONFIGS[name].defaultValue), since, meaning };
  });
}

/** Shows these settings as a table. */
export function configTable(names: readonly (keyof ProducerConfig)[]): void {
  table(configRows(names));
}

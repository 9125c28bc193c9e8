/** A value of a setting: what a form field holds and a URL carries. */
export type SettingValue = number | string | boolean;

export type PlaygroundSettings = Readonly<Record<string, SettingValue>>;

export interface SettingDefinition {
  readonly name: string;
  readonly label: string;
  readonly group: 'producer' | 'application' | 'cluster' | 'what goes wrong';
  readonly initial: SettingValue;
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly help: string;
  /** A producer's settings hold from its start; the rest can change while it runs. */
  readonly changes: 'at the start' | 'at any moment';
}

const config = (
  name: string,
  initial: SettingValue,
  rest: Partial<SettingDefinition> & { help: string },
): SettingDefinition => ({ name, label: name, group: 'producer', initial, changes: 'at the start', ...rest });

const other = (
  group: SettingDefinition['group'],
  name: string,
  label: string,
  initial: SettingValue,
  rest: Partial<SettingDefinition> & { help: string },
): SettingDefinition => ({ name, label, group, initial, changes: 'at any moment', ...rest });

/** Every setting of the playground. Those of the producer have Kafka's names and, where not said otherwise, its defaults. */
export const SETTINGS: readonly SettingDefinition[] = [
  config('linger.ms', 5, { min: 0, max: 10_000, help: 'How long a batch waits for further records.' }),
  config('batch.size', 16_384, {
    min: 0,
    max: 1_048_576,
    help: 'A batch takes no further record from this many bytes on.',
  }),
  config('buffer.memory', 33_554_432, { min: 0, max: 33_554_432, help: 'Bytes for all batches together.' }),
  config('max.block.ms', 60_000, {
    min: 0,
    max: 120_000,
    help: 'How long send() may wait for memory or metadata.',
  }),
  config('acks', 'all', {
    choices: ['all', '1', '0'],
    help: 'Who has to have a batch before the broker responds.',
  }),
  config('enable.idempotence', true, {
    help: 'Producer id and sequence numbers, so that a broker recognises a duplicate.',
  }),
  config('max.in.flight.requests.per.connection', 5, {
    min: 1,
    max: 20,
    help: 'Requests to one broker without a response.',
  }),
  config('retries', 2_147_483_647, { min: 0, max: 2_147_483_647, help: 'How often a batch is sent again.' }),
  config('retry.backoff.ms', 100, { min: 0, max: 10_000, help: 'The pause before the first retry.' }),
  config('request.timeout.ms', 30_000, {
    min: 10,
    max: 60_000,
    help: 'How long a request waits for its response.',
  }),
  config('delivery.timeout.ms', 120_000, {
    min: 20,
    max: 240_000,
    help: 'How long a record may take from send() to its callback.',
  }),
  config('compression.type', 'none', {
    choices: ['none', 'gzip', 'snappy'],
    help: 'Codecs of this page. lz4 and zstd need native code, which a page does not have: try them in the notebooks.',
  }),
  config('partitioner', 'built-in', {
    choices: ['built-in', 'round robin'],
    help: 'Built-in: the hash of the key, or sticky without a key.',
  }),
  other('application', 'records', 'records', 40, {
    min: 1,
    max: 5000,
    changes: 'at the start',
    help: 'How many records the application sends.',
  }),
  other('application', 'everyMs', 'ms between records', 2, {
    min: 0,
    max: 10_000,
    help: '0: one right after the other.',
  }),
  other('application', 'valueBytes', 'bytes of a value', 100, {
    min: 1,
    max: 100_000,
    help: 'Size of each record’s value.',
  }),
  other('application', 'keys', 'keys', 'customers', {
    choices: ['customers', 'none', 'one hot customer'],
    help: 'Hot: four of five records have the same key.',
  }),
  other('application', 'awaits', 'waits for each response', false, {
    help: 'Calls get() after every send(), before the next record.',
  }),
  other('application', 'restartsAfter', 'restarts after record', 0, {
    min: 0,
    max: 5000,
    changes: 'at the start',
    help: 'The application ends with this record and starts again with a new producer. 0: never.',
  }),
  other('cluster', 'brokers', 'brokers', 2, {
    min: 1,
    max: 3,
    changes: 'at the start',
    help: 'Partitions are spread over them.',
  }),
  other('cluster', 'partitions', 'partitions', 4, {
    min: 1,
    max: 12,
    changes: 'at the start',
    help: 'Of the topic orders.',
  }),
  other('cluster', 'latencyMs', 'ms there and back', 10, {
    min: 0,
    max: 10_000,
    help: 'From a request to its response.',
  }),
  other('cluster', 'slowBroker', 'slow broker', 0, { min: 0, max: 3, help: 'Its number. 0: none.' }),
  other('cluster', 'slowMs', 'ms there and back, slow broker', 100, {
    min: 0,
    max: 10_000,
    help: 'Instead of the usual.',
  }),
  other('cluster', 'maxMessageBytes', 'max.message.bytes', 1_048_588, {
    min: 100,
    max: 1_048_588,
    changes: 'at the start',
    help: 'The broker refuses larger batches.',
  }),
  other('what goes wrong', 'loseResponse', 'lose the response to request', 0, {
    min: 0,
    max: 5000,
    help: 'Written, but the producer is not told. 0: none.',
  }),
  other('what goes wrong', 'loseRequest', 'lose request', 0, {
    min: 0,
    max: 5000,
    help: 'It never arrives. 0: none.',
  }),
  other('what goes wrong', 'refuseRequest', 'refuse request', 0, {
    min: 0,
    max: 5000,
    help: 'The broker refuses its batches. 0: none.',
  }),
  other('what goes wrong', 'refuseWith', 'refuse it with', 'NOT_ENOUGH_REPLICAS', {
    choices: ['NOT_ENOUGH_REPLICAS', 'INVALID_RECORD', 'KAFKA_STORAGE_ERROR'],
    help: 'INVALID_RECORD is no reason to retry; the others are.',
  }),
  other('what goes wrong', 'stopBroker', 'stop broker', 0, { min: 0, max: 3, help: 'Its number. 0: none.' }),
  other('what goes wrong', 'stopAtMs', 'stop it at ms', 20, {
    min: 0,
    max: 60_000,
    help: 'Time of the run.',
  }),
  other('what goes wrong', 'stopForMs', 'start it again after ms', 300, {
    min: 1,
    max: 600_000,
    help: 'Until then it is dead.',
  }),
  other('what goes wrong', 'moveAtMs', 'move the leader of partition 0 at ms', 0, {
    min: 0,
    max: 60_000,
    help: 'To the next broker. 0: never.',
  }),
];

const BY_NAME = new Map(SETTINGS.map((setting) => [setting.name, setting]));

export const INITIAL_SETTINGS: PlaygroundSettings = Object.fromEntries(
  SETTINGS.map(({ name, initial }) => [name, initial]),
);

export function settingOf(name: string): SettingDefinition | undefined {
  return BY_NAME.get(name);
}

/** The value as its setting wants it, or null when it cannot be that. Numbers are brought within their limits. */
export function valueFor(setting: SettingDefinition, given: unknown): SettingValue | null {
  const { initial, min = -Infinity, max = Infinity, choices } = setting;
  if (typeof initial === 'boolean') {
    if (given === true || given === 'true') return true;
    return given === false || given === 'false' ? false : null;
  }
  if (typeof initial === 'number') {
    const number = typeof given === 'number' ? given : Number(given === '' ? NaN : given);
    return Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : null;
  }
  return typeof given === 'string' && (choices?.includes(given) ?? true) ? given : null;
}

/** What differs from the initial settings, for a URL that people can read. */
export function changedSettings(settings: PlaygroundSettings): Record<string, SettingValue> {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => settingOf(name) !== undefined && value !== INITIAL_SETTINGS[name],
    ),
  );
}

import { COMPRESSION_TYPES } from '../protocol/compression';
import type { CompressionType } from '../protocol/compression';

/** What of a topic's config decides about a Produce request: `org.apache.kafka.storage.internals.log.LogConfig`. */
export interface TopicSettings {
  /** Bytes of a batch as it is sent, and again as it is stored. */
  readonly maxMessageBytes: number;
  readonly compact: boolean;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** How old, and how far in the future, a record's timestamp may be. */
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  readonly minInsyncReplicas: number;
  readonly compressionType: CompressionType | 'producer';
  readonly uncleanLeaderElection: boolean;
  readonly segmentBytes: number;
}

const LONG_MAX = '9223372036854775807';
/** The broker's name for `none`. */
const UNCOMPRESSED = 'uncompressed';

/** Kafka 4.4's defaults. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'max.message.bytes': '1048588',
  'cleanup.policy': 'delete',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.before.max.ms': LONG_MAX,
  'message.timestamp.after.max.ms': '3600000',
  'min.insync.replicas': '1',
  'compression.type': 'producer',
  'unclean.leader.election.enable': 'false',
  'segment.bytes': '1073741824',
};

/** Accepted, and without any meaning here: nothing is ever deleted, and nothing is a file. */
const IGNORED = /^(retention|delete|flush|index|segment|file|max\.compaction|min\.c|compression\.\w+\.level)/;

/** @throws RangeError for a name or value that this simulation does not know */
export function topicSettings(config: Readonly<Record<string, string>>): TopicSettings {
  const unknown = Object.keys(config).find((name) => !(name in DEFAULTS) && !IGNORED.test(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `The simulated broker does not know the topic config ${unknown}: use one of ${Object.keys(DEFAULTS).join(', ')}.`,
    );
  }
  const value = (name: string): string => config[name] ?? DEFAULTS[name]!;
  return {
    maxMessageBytes: numberOf('max.message.bytes', value),
    compact: listOf('cleanup.policy', value).includes('compact'),
    timestampType: oneOf('message.timestamp.type', value, ['CreateTime', 'LogAppendTime']),
    timestampBeforeMaxMs: numberOf('message.timestamp.before.max.ms', value),
    timestampAfterMaxMs: numberOf('message.timestamp.after.max.ms', value),
    minInsyncReplicas: numberOf('min.insync.replicas', value),
    compressionType: compressionOf(value),
    uncleanLeaderElection: oneOf('unclean.leader.election.enable', value, ['true', 'false']) === 'true',
    segmentBytes: numberOf('segment.bytes', value),
  };
}

type ValueOf = (name: string) => string;

function numberOf(name: string, valueOf: ValueOf): number {
  const value = valueOf(name);
  if (!/^\d+$/.test(value)) throw new RangeError(`The topic config ${name} is a whole number, not ${value}.`);
  return Number(value);
}

function listOf(name: string, valueOf: ValueOf): readonly string[] {
  return valueOf(name)
    .split(',')
    .map((item) => item.trim());
}

function oneOf<T extends string>(name: string, valueOf: ValueOf, allowed: readonly T[]): T {
  const value = valueOf(name);
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw new RangeError(`The topic config ${name} is one of ${allowed.join(', ')}, not ${value}.`);
  }
  return found;
}

function compressionOf(valueOf: ValueOf): TopicSettings['compressionType'] {
  const codecs = COMPRESSION_TYPES.filter((type) => type !== 'none');
  const value = oneOf('compression.type', valueOf, ['producer', UNCOMPRESSED, ...codecs]);
  return value === UNCOMPRESSED ? 'none' : value;
}

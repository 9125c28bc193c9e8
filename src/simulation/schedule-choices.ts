import type { RequestKind } from './simulated-request';

/** What the schedules choose from. Coverage counts which of these were reached; the first of each list is the simplest. */

/** Besides Kafka's default, which every name has most often. */
export const CONFIG_CHOICES = {
  'linger.ms': [0, 20, 100],
  'batch.size': [0, 100, 200, 400, 1000],
  'buffer.memory': [20_000, 4000, 2000, 1000, 500],
  'max.block.ms': [1000, 100, 0, 5000],
  'max.request.size': [1000, 300, 120],
  'compression.type': ['gzip', 'lz4', 'snappy', 'zstd'],
  'request.timeout.ms': [1000, 100, 20],
  'retry.backoff.ms': [10, 50, 500, 0],
  'retry.backoff.max.ms': [100, 20, 2000],
  'reconnect.backoff.ms': [10, 200],
  'metadata.max.age.ms': [1000, 100, 10],
  'metadata.max.idle.ms': [5000],
  'partitioner.ignore.keys': [true],
  'partitioner.adaptive.partitioning.enable': [false],
  'partitioner.availability.timeout.ms': [10, 100],
} as const;

export const TOPIC_CONFIG_CHOICES = {
  'cleanup.policy': ['compact'],
  'max.message.bytes': ['1000', '300', '150', '90'],
  'min.insync.replicas': ['2', '3'],
  'message.timestamp.type': ['LogAppendTime'],
  'message.timestamp.before.max.ms': ['86400000'],
  'compression.type': ['gzip', 'uncompressed'],
  'unclean.leader.election.enable': ['true'],
} as const;

export const ACTION_KINDS = [
  'stop-broker',
  'move-leader',
  'pause-replication',
  'close-connections',
  'add-partitions',
  'recreate-topic',
  'revoke-credentials',
  'refuse-certificate',
  'revoke-write',
  'revoke-idempotent-write',
  'throttle',
  'forget-producer-ids',
] as const;

export const FAULT_KINDS = [
  'error',
  'response-lost',
  'request-lost',
  'connection-closed',
  'delay',
  'no-response',
  'malformed',
] as const;

export const MALFORMATIONS = ['unreadable', 'incomplete', 'foreign', 'empty'] as const;

export const REQUEST_KINDS: readonly RequestKind[] = ['produce', 'metadata', 'init-producer-id'];

export const CALLBACK_KINDS = ['plain', 'throws', 'rejects', 'sends', 'flushes', 'closes'] as const;

export const GOOD_PARTS = {
  interceptor: ['plain', 'throws', 'throws-on-acknowledgement', 'moves', 'returns-null'],
  reusesBuffer: [true],
  partitioner: ['round-robin', 'throws', 'out-of-range'],
  bufferPool: ['fair'],
  sequenceTracker: ['right'],
  traceThrows: [true],
} as const;

export const WRONG_PARTS = {
  bufferPool: ['deallocate-throws', 'allocate-throws', 'allocate-rejects'],
  isSendable: ['throws', 'never', 'always', 'no-boolean'],
  sequenceTracker: ['throws', 'same-number', 'gaps', 'foreign-id'],
} as const;

/**
 * Every error code that a response of this kind can carry in Kafka 4.4, or that a client has to survive: a broker of another
 * version, or one with a bug, may send any. Sources: the comments in ProduceResponse.java, MetadataResponse.java and
 * InitProducerIdResponse.java, and the exceptions that ReplicaManager lets through.
 */
export const ERROR_CODES: Readonly<Record<RequestKind, readonly number[]>> = {
  produce: [
    6, -1, 2, 3, 5, 7, 8, 9, 10, 13, 17, 18, 19, 20, 21, 29, 31, 32, 35, 41, 42, 43, 44, 45, 46, 47, 48, 49,
    51, 53, 56, 59, 67, 74, 75, 76, 87, 89, 90, 100,
  ],
  metadata: [3, -1, 5, 7, 9, 17, 29, 31, 35, 42, 72],
  'init-producer-id': [14, -1, 7, 15, 16, 31, 35, 41, 42, 47, 48, 49, 51, 53, 90],
};

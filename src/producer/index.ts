export * from './errors';
export { murmur2, toPositive } from './internals/murmur2';
export type { Cluster, ClusterPartition, Partitioner, PartitionerRecord } from './partitioner';
export * from './parts';
export * from './producer-record';
export * from './record-metadata';
export * from './serializers';

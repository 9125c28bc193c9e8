import type { ExerciseDefinition } from '../exercise-definition';

export const stickyPartitioner: ExerciseDefinition = {
  slug: '08-sticky-partitioner',
  title: 'Stay until the batch is full',
  files: ['sticky-partitioner.ts'],
  mayImport: ['murmur2', 'toPositive'],
  notebook: '03-partitioning',
  hints: [
    'Two things are remembered for each topic: the partition of the present stay, and how many bytes went there. Decide ' +
      'first, count afterwards: the record that fills the batch still belongs to it.',
    'Three reasons end a stay: there was none yet; batch.size bytes (>=) have gone there; the partition is no longer ' +
      'among the available ones. A stay always begins at 0 bytes. Records with a key neither move nor fill anything.',
    'const available = cluster.availablePartitionsForTopic(topic); if (present === undefined || present.bytes >= ' +
      'this.#batchSize || !available.some((one) => one.partition === present.partition)) present = { partition: ' +
      'available[Math.floor(this.random() * available.length)].partition, bytes: 0 }; – then add valueBytes?.length ?? 0.',
  ],
  learnt:
    'A burst of records without a key now fills one batch instead of a twelfth of twelve: fewer requests, better ' +
    'compression, and lower latency, since full batches need not wait for linger.ms. KIP-480 (2.4) brought the idea and ' +
    'moved on whenever a batch was finished, which sent more to slow brokers; KIP-794 (3.3) counts bytes, as you did, and ' +
    'its classes (DefaultPartitioner, onNewBatch) are gone since 4.0. BuiltInPartitioner goes two steps further: it ' +
    'draws partitions with short queues more often, and does not leave a half-empty batch behind.',
};

import type { ExerciseDefinition } from '../exercise-definition';

export const stickyPartitioner: ExerciseDefinition = {
  slug: '08-sticky-partitioner',
  title: 'Stay until the batch is full',
  files: ['sticky-partitioner.ts'],
  mayImport: ['murmur2', 'toPositive'],
  notebook: '03-partitioning',
  hints: [
    'Remember two things for each topic: the current partition, and how many bytes have gone there. Decide ' +
      'first, count afterwards: the record that fills the batch still belongs to it.',
    'Three reasons to draw a partition: there is none yet; batch.size bytes (>=) have gone to the current one; it is no longer ' +
      'among the available ones. Counting starts at 0 bytes after each draw. Records with a key neither draw nor count.',
    'const available = cluster.availablePartitionsForTopic(topic); if (present === undefined || present.bytes >= ' +
      'this.#batchSize || !available.some((one) => one.partition === present.partition)) present = { partition: ' +
      'available[Math.floor(this.random() * available.length)].partition, bytes: 0 }; – then add valueBytes?.length ?? 0.',
  ],
  learnt:
    'A burst of records without a key now fills one batch instead of a part of twelve: fewer requests, better ' +
    'compression, and lower latency, since full batches need not wait for linger.ms. KIP-480 (2.4) brought the idea and ' +
    'switched whenever a batch was finished, which sent more to slow brokers; its classes (DefaultPartitioner, onNewBatch) ' +
    'were removed in 4.0. KIP-794 (3.3) counts bytes, as you did. Its BuiltInPartitioner does more: it counts the ' +
    'bytes by which the batch grows, puts off the switch while the open batch has room (up to twice batch.size), and ' +
    'draws partitions with short queues more often.',
};

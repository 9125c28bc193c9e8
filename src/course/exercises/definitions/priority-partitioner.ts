import type { ExerciseDefinition } from '../exercise-definition';

export const priorityPartitioner: ExerciseDefinition = {
  slug: '09-priority-partitioner',
  title: 'Urgent orders first',
  files: ['priority-partitioner.ts'],
  mayImport: ['murmur2', 'toPositive'],
  notebook: '03-partitioning',
  hints: [
    'Three questions, in this order: is the value an order with priority HIGH? Is there no key? Otherwise the key decides. ' +
      'What else could `record.value` be, and what happens when you read its `.priority`?',
    'null has no properties, so reading one throws: `value?.priority` checks first. The draw is a whole number from 0 to the ' +
      'number of partitions minus 1, so round down; and the last case is exercise 06.',
    "const value = record.value as { priority?: unknown } | null; if (value?.priority === 'HIGH') return 0; const n = " +
      'cluster.partitionsForTopic(record.topic).length; if (record.keyBytes === null) return Math.floor(this.random() * n); ' +
      'return toPositive(murmur2(record.keyBytes)) % n;',
  ],
  learnt:
    'A custom partitioner is a class with one method, in Java as here (partitioner.class), and optional configure() and close(). It sees ' +
    'the value before and after serialization, and its choice is final. It also has a price. The orders of one customer are in two ' +
    'partitions now, so the HIGH one may overtake an earlier NORMAL one, or be overtaken: order holds within a partition ' +
    'only. With a custom partitioner, adaptive partitioning has no effect. And a random partition for each record without a key makes small ' +
    'batches: exercise 08 shows what sticking to a partition is worth.',
};

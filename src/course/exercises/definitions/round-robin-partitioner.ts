import type { ExerciseDefinition } from '../exercise-definition';

export const roundRobinPartitioner: ExerciseDefinition = {
  slug: '07-round-robin-partitioner',
  title: 'Take turns',
  files: ['round-robin-partitioner.ts'],
  notebook: '03-partitioning',
  hints: [
    'What do you have to remember from one record to the next, and for what? Two topics that are written to alternately must ' +
      'each use all of their partitions.',
    'A counter for each topic, in a Map, is enough: it only ever goes up, and the remainder says whose turn it is. But ' +
      'the remainder is an index in a list; with partitions 1, 3 and 4 available, index 0 is partition 1.',
    'const turn = this.#turns.get(record.topic) ?? 0; this.#turns.set(record.topic, turn + 1); then take ' +
      'cluster.availablePartitionsForTopic(record.topic), or all partitions when that list is empty, and return ' +
      'list[turn % list.length].partition.',
  ],
  learnt:
    "This is Kafka's RoundRobinPartitioner: a counter for each topic, and the remainder by the number of available " +
    'partitions. It is for workloads that must be even whatever the keys are, and it has two prices: orders of one ' +
    'customer are no longer in order, and every partition gets a little of everything, so batches leave half empty ' +
    '(exercise 08 measures that). In Java it was skewed for years: the producer asked it a second time whenever a record ' +
    'opened a new batch, so that a turn was skipped (KAFKA-9965). 3.9.0 and 3.9.1 still have the bug, 3.9.2 is repaired, and 4.0 ' +
    'removed onNewBatch altogether.',
};

import type { ExerciseDefinition } from '../exercise-definition';

export const keyPartitioner: ExerciseDefinition = {
  slug: '06-key-partitioner',
  title: 'Partition by key',
  files: ['key-partitioner.ts'],
  mayImport: ['murmur2', 'toPositive'],
  notebook: '03-partitioning',
  hints: [
    'Three things decide: which bytes you hash, how a negative hash becomes positive, and by what you divide it. ' +
      '`record` has both `key` and `keyBytes`: which of them is what goes on the wire?',
    'murmur2 returns a signed 32-bit number, negative for about half of all keys. Java does not take the absolute ' +
      'value: it clears the sign bit. `toPositive` does that. And the divisor must not change when a broker is down.',
    'if (record.keyBytes === null) throw new TypeError(…record.topic…); ' +
      'return toPositive(murmur2(record.keyBytes)) % cluster.partitionsForTopic(record.topic).length; ' +
      '– an empty key has zero bytes, but it is a key.',
  ],
  learnt:
    "This is BuiltInPartitioner.partitionForKey of Kafka's own producer, line for line: " +
    'Utils.toPositive(Utils.murmur2(serializedKey)) % numPartitions. All partitions count, available or not: ' +
    "a customer's orders stay on their partition while it has no leader, and wait. The price: adding " +
    'partitions to a topic moves keys, so order per key holds only as long as their number stays the same.',
};

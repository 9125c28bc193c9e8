import type { ExerciseDefinition } from '../exercise-definition';

export const sequenceNumbers: ExerciseDefinition = {
  slug: '10-sequence-numbers',
  title: 'Number the batches',
  files: ['sequence-tracker.ts'],
  notebook: '04-idempotence',
  hints: [
    'A sequence number belongs to a record, not to a batch: the header carries the number of the first record, and the ' +
      'others follow from it. So what is the number of the next batch of the same partition?',
    'A Map from partition to the next number is all the state there is, besides the epoch. Numbers are 31 bits long: there ' +
      'are 2147483648 of them, 0 included, and then they begin again. A batch may lie across that end.',
    'stamp: const baseSequence = next.get(partition) ?? 0; next.set(partition, (baseSequence + recordCount) % 2147483648); ' +
      'return a new object with all three. bumpEpoch: epoch += 1; next.clear().',
  ],
  learnt:
    'Fourteen bytes in the header of a batch (producer id 8, epoch 2, base sequence 4), and the broker can tell a retry from ' +
    'new data. A batch gets its stamp once, when the sender first drains it, and every retry carries the same one: with new ' +
    'numbers it would be new data. In Java this is TransactionManager.incrementSequenceNumber, called in ' +
    'RecordAccumulator.drainBatchesForOneNode, and DefaultRecordBatch.incrementSequence for the end of the numbers. There is one ' +
    'exception. When a batch fails for good, the batches behind it no longer follow what the broker has. A producer ' +
    'without a transactional id then bumps its epoch (KIP-360): the partition begins at 0 again, and its batches in flight ' +
    'get new numbers in the new epoch.',
};

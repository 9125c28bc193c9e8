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
    'Twelve bytes in the header of a batch (producer id, epoch, base sequence), and a resend can be told from new data. The ' +
    'stamp is given once, when the batch is first handed to the sender, and every retry carries the same one: a batch that ' +
    'got new numbers would be new data. In Java this is TransactionManager.incrementSequenceNumber, called in ' +
    'RecordAccumulator.drain, and DefaultRecordBatch.incrementSequence for the end of the numbers. When a batch is given up ' +
    'that may have been written, nobody can tell any more which number the broker expects: then the epoch goes up and all ' +
    'partitions begin again (KIP-360).',
};

import type { ExerciseDefinition } from '../exercise-definition';

export const predict: ExerciseDefinition = {
  slug: '17-predict',
  title: 'Predict, then measure',
  files: ['answers.ts'],
  pointsPerTest: 0.25, // four letters: whoever guesses gets about one point in a hundred of the whole course
  notebook: '07-tuning-and-pitfalls',
  hints: [
    'Predict first, and grade: a message shows the figures that were just measured for your prediction. Then ask yourself which ' +
      'part of the model in your head has to change, before you choose another letter.',
    'Three ideas decide most of it: a batch leaves when it is full or when its time is up, whichever comes first; order and batches ' +
      'belong to one partition; the broker knows a producer by its id, and remembers five batches of it.',
    'Kafka 4 refuses some configs that it used to accept, but not all: acks=1 still switches idempotence off without an error, six ' +
      'in flight are refused. The producer never drops a record to make room, and never reports an error to a program that does not look.',
  ],
  learnt:
    'A model that predicts is worth more than a list of settings. The five interview questions: linger.ms trades a bounded ' +
    'wait for fewer requests; sticky partitioning keeps a burst in one batch; when buffer.memory is full, send() blocks for at most ' +
    'max.block.ms; producer id and sequence let the broker drop a batch that it already has; order holds within a partition, and ' +
    "across partitions transactions with read_committed make records visible together. Java's producer does the same in all thirteen cases " +
    '(for buffer-memory, its send() returns a future that has failed).',
};

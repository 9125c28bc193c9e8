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
    'Three ideas decide most of it: a batch leaves when it is full or when its time is up, whichever comes first; what belongs ' +
      'together, belongs to one partition; the broker knows a producer by its id, and remembers five batches of it.',
    'Kafka 4 is strict where it used to be silent, but not everywhere: acks=1 still switches idempotence off without a word, six ' +
      'in flight are refused. And nothing is ever dropped to make room; nor does anybody tell you of an error that you did not ask for.',
  ],
  learnt:
    'A model that predicts is worth more than a list of settings. The five of the interviews: linger.ms trades a bounded ' +
    'wait for fewer requests; sticky partitioning keeps a burst in one batch; a full buffer.memory blocks send() until ' +
    'max.block.ms is over; producer id and sequence let the broker drop what it has already; order holds within a partition, and ' +
    "across partitions only transactions with read_committed give more. Java's producer does the same in all thirteen cases.",
};

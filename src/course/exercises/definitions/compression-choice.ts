import type { ExerciseDefinition } from '../exercise-definition';

export const compressionChoice: ExerciseDefinition = {
  slug: '16-compression-choice',
  title: 'Choose a codec',
  files: ['choices.ts'],
  notebook: '05-compression',
  hints: [
    'There is no best codec, only a best one for an aim. Read the three aims again: what does each of them leave out? Then ' +
      'measure: notebook 05-compression compresses any payload with every codec.',
    'The codecs come in two families: gzip and zstd look hard for repetition, snappy and lz4 look quickly. Which family does ' +
      '"the fewest bytes" ask for, and which "at least halve them, and cheaply"? And what is left to find in a JPEG?',
    'orders: one of the two that pack tightest. metrics: JSON that repeats itself is halved even by the quick family, so the ' +
      'cheapest of them is enough. photos: doing nothing is the least CPU of all.',
  ],
  learnt:
    'Fixed ratios on slides say little: they depend on the payload, and on how much of it is in a batch, since a batch is ' +
    'compressed as a whole (in Java and here, by the producer, when the batch is closed; the broker stores it as it is). ' +
    'So better batching means better compression. As a rule: lz4 when nothing is known, zstd when bytes cost money, none for ' +
    'what is compressed already. The level is a second knob since Kafka 3.8: compression.gzip.level (-1), ' +
    'compression.lz4.level (9) and compression.zstd.level (3).',
};

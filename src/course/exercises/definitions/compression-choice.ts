import type { ExerciseDefinition } from '../exercise-definition';

export const compressionChoice: ExerciseDefinition = {
  slug: '16-compression-choice',
  title: 'Choose a codec',
  files: ['choices.ts'],
  notebook: '05-compression',
  hints: [
    'There is no best codec, only a best one for an aim. Read the three aims again: what does each of them not ask for? Then ' +
      'measure: notebook 05-compression compresses any payload with every codec.',
    'The codecs come in two families: gzip and zstd look hard for repetition, snappy and lz4 look quickly. Which family does ' +
      '"the fewest bytes" ask for, and which "at least halve them, and cheaply"? And what is left to find in a JPEG?',
    'orders: one of the two that compress best. metrics: even the quick family halves JSON that repeats itself, so take the ' +
      'cheapest of them. photos: doing nothing takes the least CPU.',
  ],
  learnt:
    'Fixed ratios on slides say little: a ratio depends on the payload, and on how much of it is in a batch, since a batch is ' +
    'compressed as a whole. Java compresses while records are appended, on the thread that calls send(), and flushes the rest when the ' +
    'batch is closed; the producer of this course compresses at closing. The broker decompresses the batch to validate it. It stores ' +
    "the producer's bytes if the topic's compression.type is producer (the default) or the same codec; otherwise it compresses again. " +
    'Better batching means better compression. As a rule: lz4 when you know nothing of the data, zstd when bytes cost money, none for ' +
    'what is already compressed. Since Kafka 3.8 the level is a second knob: compression.gzip.level (-1), ' +
    'compression.lz4.level (9, which is the fast compressor; every other level uses the slower high-compression one) and compression.zstd.level (3).',
};

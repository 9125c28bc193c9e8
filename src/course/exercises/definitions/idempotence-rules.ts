import type { ExerciseDefinition } from '../exercise-definition';

export const idempotenceRules: ExerciseDefinition = {
  slug: '12-idempotence-rules',
  title: 'What the settings turn into',
  files: ['idempotence-rules.ts'],
  notebook: '04-idempotence',
  hints: [
    'Keep two questions apart: what is the value of the setting (with its default), and did somebody set it? ' +
      '`enable.idempotence` is true in both cases; only the default may be switched off without an error.',
    "Somebody set it: `'enable.idempotence' in config`. When idempotence is on, three settings can contradict it: " +
      'acks other than all, retries 0, more than five in flight. The first two switch it off without an error unless it was ' +
      'set explicitly. The third is an error either way since Kafka 4.0.',
    "const explicit = 'enable.idempotence' in config; let enableIdempotence = config['enable.idempotence'] ?? true; " +
      'if (enableIdempotence) { if (maxInFlight > 5) throw new ConfigError(…); if (acks !== "all" || retries === 0) { ' +
      'if (explicit) throw new ConfigError(…); enableIdempotence = false; } } – and `-1` is another way to write `all`.',
  ],
  learnt:
    'A producer can lose its protection against duplicates without an error: with one `acks=1` in a copied file ' +
    'idempotence is off, and there is only a line in the log at level INFO. Write enable.idempotence=true where you rely on ' +
    'it, and the same file becomes an error. In Java this is ProducerConfig.postProcessAndValidateIdempotenceConfigs, ' +
    'which asks `originals().containsKey("enable.idempotence")`: present is explicit, whatever the value. Kafka calls it last, after ' +
    'every single value has been checked. Up to 3.9, more than five in flight switched idempotence off as well, with a warning that this ' +
    'would become an error; since 4.0 it is a ConfigException, because the broker remembers only five batches (exercise 11).',
};

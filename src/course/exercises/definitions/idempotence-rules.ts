import type { ExerciseDefinition } from '../exercise-definition';

export const idempotenceRules: ExerciseDefinition = {
  slug: '12-idempotence-rules',
  title: 'What the settings turn into',
  files: ['idempotence-rules.ts'],
  notebook: '04-idempotence',
  hints: [
    'Keep two questions apart: what does the setting say (with its default), and did somebody say it? ' +
      '`enable.idempotence` is true in both cases; only one of them may be overruled without a word.',
    "Somebody said it: `'enable.idempotence' in config`. When idempotence is on, three things can stand against it: " +
      'acks other than all, retries 0, more than five in flight. Two of them switch it off in silence unless it was ' +
      'asked for. The third is an error either way since Kafka 4.0.',
    "const explicit = 'enable.idempotence' in config; let enableIdempotence = config['enable.idempotence'] ?? true; " +
      'if (enableIdempotence) { if (maxInFlight > 5) throw new ConfigError(…); if (acks !== "all" || retries === 0) { ' +
      'if (explicit) throw new ConfigError(…); enableIdempotence = false; } } – and `-1` is another way to write `all`.',
  ],
  learnt:
    'A producer can lose its protection against duplicates without an error: one `acks=1` in a file that somebody copied, ' +
    'and idempotence is off, with a single line in the log at level INFO. Write enable.idempotence=true where you rely on ' +
    'it, and the same file refuses to start. In Java this is ProducerConfig.postProcessAndValidateIdempotenceConfigs, ' +
    'which asks `originals().containsKey("enable.idempotence")`: present is explicit, whatever the value. Until 3.9, more than five in flight ' +
    'switched idempotence off in silence too; since 4.0 it is a ConfigException, because the broker remembers only five ' +
    'batches (exercise 11).',
};

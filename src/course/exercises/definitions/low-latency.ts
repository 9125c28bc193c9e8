import type { ExerciseDefinition } from '../exercise-definition';

export const lowLatency: ExerciseDefinition = {
  slug: '02-low-latency',
  title: 'Configure for latency',
  files: ['config.ts'],
  notebook: '02-configuration',
  hints: [
    'Three things can make a record wait: others that share its batch, the time that a batch is given to fill, and the brokers ' +
      'whose word is awaited. There is a setting for each.',
    'Two of the three defaults are not what you want, and the third changed with Kafka 4.0: look it up in the README. For the ' +
      'last one there are three values: one waits for all replicas in sync, one for nobody at all. Which one is in between?',
    "'batch.size': 0 or 1; 'linger.ms': 0, written down, since it is 5 by default; acks: '1'. Leave enable.idempotence out: " +
      'set to true, it does not go with this acks.',
  ],
  learnt:
    'One record in a batch, no lingering, and the word of the leader alone: that is the least a producer waits. The price shows ' +
    "in the requests, one for each record, and in what a leader's crash may cost. acks=1 also switches idempotence off, " +
    'silently, in Java as here, unless enable.idempotence was set, which is then a ConfigException. Mind that batch.size ' +
    'and linger.ms cap latency only while the brokers keep up: under load a producer that sends each record alone has more to ' +
    'do for each, and its queue grows. That is why linger.ms is 5 by default since Kafka 4.0 (KIP-1030).',
};

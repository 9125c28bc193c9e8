import type { ExerciseDefinition } from '../exercise-definition';

export const lowLatency: ExerciseDefinition = {
  slug: '02-low-latency',
  title: 'Configure for latency',
  files: ['config.ts'],
  notebook: '02-configuration',
  hints: [
    'Three things can make a record wait: others that share its batch, the time that a batch gets to fill, and the brokers ' +
      'whose acknowledgement the producer waits for. There is a setting for each.',
    'None of the three defaults is what you want; the README has them. One of them changed with Kafka 4.0. The setting for ' +
      'acknowledgements has three values: one waits for all in-sync replicas, one for nobody at all. Which one is in between?',
    "'batch.size': 0 or 1; 'linger.ms': 0, written down, since it is 5 by default; acks: '1'. Leave enable.idempotence out: " +
      'set to true, it is an error with this acks.',
  ],
  learnt:
    'One record in a batch, no lingering, and the acknowledgement of the leader alone: a producer that wants acknowledgements cannot wait less. ' +
    "The price is one request for each record, and what a leader's crash may cost. acks=1 also switches idempotence off " +
    'without an error, in Java as here; if enable.idempotence=true was set, it is a ConfigException. These settings keep latency low ' +
    'only while the brokers keep up: under load, a producer that sends each record alone has more work for each, ' +
    'and its queue grows. That is one reason why linger.ms is 5 by default since Kafka 4.0 (KIP-1030).',
};

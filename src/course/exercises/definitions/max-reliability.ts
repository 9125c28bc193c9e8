import type { ExerciseDefinition } from '../exercise-definition';

export const maxReliability: ExerciseDefinition = {
  slug: '03-max-reliability',
  title: 'Configure for reliability',
  files: ['config.ts'],
  notebook: '02-configuration',
  hints: [
    'Three things can go wrong: a record is lost, it is written twice, or it lies behind a later one. Which setting prevents ' +
      'which of them? And which of these settings are right when you leave them out?',
    'acks decides who must have a record before it counts; retries, how often a batch is retried; enable.idempotence, whether the ' +
      'broker recognises a batch that it already has. Since Kafka 3.0 all three are right by default. The fourth limits what is in ' +
      'flight at the same time.',
    "acks 'all', 'enable.idempotence' true, retries 2147483647 (or none of the three), and " +
      "'max.in.flight.requests.per.connection': 1, which is 5 by default.",
  ],
  learnt:
    'Since Kafka 3.0 (KIP-679; in effect since 3.0.1, 3.1.1 and 3.2) a producer with default settings is nearly this one: acks=all, ' +
    'idempotent, and as many retries as an int can hold, so that delivery.timeout.ms (two minutes) decides when a record fails (KIP-91). ' +
    'Only the one request in flight is missing. With idempotence five keep the order as well, because the broker refuses a batch that ' +
    'comes too early, so most services leave it at five; with one, each request waits for the response to the one before. ' +
    'And the producer is only half of it: acks=all waits for the in-sync replicas, and the topic decides how many there must be at least ' +
    '(min.insync.replicas).',
};

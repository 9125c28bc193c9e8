import type { ExerciseDefinition } from '../exercise-definition';

export const maxReliability: ExerciseDefinition = {
  slug: '03-max-reliability',
  title: 'Configure for reliability',
  files: ['config.ts'],
  notebook: '02-configuration',
  hints: [
    'Three things can go wrong: a record is lost, it is written twice, or it comes behind a later one. Which setting is there ' +
      'for which of them? And which of these settings are right already when you leave them out?',
    'acks says who must have a record before it counts; retries, how often a batch is sent again; enable.idempotence, whether the ' +
      'broker knows a batch when it sees it again. Since Kafka 3.0 all three are right by default. The fourth is about what is on its ' +
      'way at the same time.',
    "acks 'all', 'enable.idempotence' true, retries 2147483647 (or none of the three), and " +
      "'max.in.flight.requests.per.connection': 1, which is 5 by default.",
  ],
  learnt:
    'Since Kafka 3.0 (KIP-679) a producer that nobody configures is nearly this one: acks=all, idempotent, and as many retries as an int ' +
    'can hold, so that delivery.timeout.ms (two minutes) decides when to give up (KIP-91). What is left is one request in flight. ' +
    'With idempotence five keep their order as well, since the broker refuses what comes too early, so most services leave it at five; ' +
    'one costs a round trip for each request and connection. And the producer is half of it: acks=all asks the replicas ' +
    'that are in sync, and how many these must be at least is a setting of the topic, min.insync.replicas.',
};

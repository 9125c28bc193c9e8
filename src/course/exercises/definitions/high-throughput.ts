import type { ExerciseDefinition } from '../exercise-definition';

export const highThroughput: ExerciseDefinition = {
  slug: '01-high-throughput',
  title: 'Configure for throughput',
  files: ['config.ts'],
  notebook: '02-configuration',
  hints: [
    'A batch leaves when it is full or when its time is up, whichever comes first. In a rush it reaches one of these two limits, ' +
      'in quiet minutes the other: which setting is which? And what is left to save once batches are large?',
    '`batch.size` is the room (16384 bytes by default), `linger.ms` the time (5 ms by default), `compression.type` ' +
      'saves bytes. What the producer does for safety is right by default, and several settings switch it off: `acks`, ' +
      '`retries`, `enable.idempotence`.',
    "'batch.size': four times the default; 'linger.ms': some tens of milliseconds; 'compression.type': 'lz4' or another codec. " +
      "acks is 'all' and the producer idempotent, if you leave them alone.",
  ],
  learnt:
    'You buy throughput with a little time: linger.ms lets a batch fill, batch.size limits how far, and a codec works on the ' +
    "batch as a whole, so large batches compress better. Java's producer takes the same names and values. Since " +
    'Kafka 4.0 linger.ms is 5 by default and no longer 0 (KIP-1030), because fuller batches often save ' +
    'as much time as they cost. And acks=all with idempotence costs little throughput: up to five requests for each broker wait for ' +
    'the replicas at the same time.',
};

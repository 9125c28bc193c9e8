import type { ExerciseDefinition } from '../exercise-definition';

export const brokerDeduplication: ExerciseDefinition = {
  slug: '11-broker-deduplication',
  title: 'How a broker knows a duplicate',
  files: ['partition-log.ts'],
  notebook: '04-idempotence',
  hints: [
    'The broker remembers very little of each producer id: its epoch, and for its last five batches the first sequence, ' +
      'the last sequence and the offset. Every response follows from that. And what does it have to remember of the log itself?',
    'Ask in this order: do I know this id at all? Is the epoch older, newer, or the same? Is it exactly one of the last ' +
      'five batches? Does it follow the last one? "Exactly" means both ends: the last sequence is baseSequence + ' +
      'recordCount - 1, and 0 comes after 2147483647.',
    'Map<producerId, { epoch, batches }>. Unknown: write. epoch < known: invalid-producer-epoch. epoch > known: write if ' +
      'baseSequence is 0 (and forget the old batches), else out-of-order-sequence. Same first and last sequence as one of ' +
      'the five: duplicate with its offset. baseSequence === (last.lastSequence + 1) % 2147483648: write. Else out-of-order-sequence.',
  ],
  learnt:
    'Because the broker remembers five batches, max.in.flight.requests.per.connection may be 5 and not 6: the broker has to ' +
    'recognise every batch in flight when it is retried. It reports a duplicate as a success, with the original offset, so the ' +
    'producer never learns that anything happened. In Java this is ProducerStateEntry (NUM_BATCHES_TO_RETAIN = 5) and ' +
    'ProducerAppendInfo.checkSequence. It also shows what idempotence does not give: a producer that restarts has a ' +
    'new id, so its records are new to the broker; and the broker forgets an id after a day of silence (producer.id.expiration.ms). ' +
    'An unknown id may begin with any sequence, except in transactions of version 2 (KIP-890), where it has to begin at 0.',
};

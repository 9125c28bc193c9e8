import type { ProducerConfig } from '../../../src/producer/index';

// As Java programs have it in a file: everything as text, and -1 for all.
export const maxReliability: ProducerConfig = {
  ...({
    acks: '-1',
    'enable.idempotence': 'true',
    retries: '2147483647',
    'max.in.flight.requests.per.connection': '1',
  } as object),
};

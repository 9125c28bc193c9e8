// caught by: does not hold up the event loop
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

const SCHEMA = JSON.stringify(
  Array.from({ length: 60 }, (_, index) => ({ name: `field${index}`, doc: 'a field of the order' })),
);

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    if (data === null) return null;
    // Parses the schema for each order: a few µs, and everything waits meanwhile.
    const fields = JSON.parse(SCHEMA) as unknown[];
    if (fields.length === 0) throw new Error('empty schema');
    return Buffer.from(JSON.stringify(data), 'utf8');
  },
};

// caught by: leaves null as null
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    // JSON.stringify(null) is the text null: a value like any other, and nothing is ever deleted.
    return Buffer.from(JSON.stringify(data), 'utf8');
  },
};

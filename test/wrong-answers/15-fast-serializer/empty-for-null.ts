// caught by: carries orders and tombstones, as the log of the broker shows
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    // No bytes are not the same as null.
    if (data === null) return Buffer.alloc(0);
    return Buffer.from(JSON.stringify(data), 'utf8');
  },
};

// caught by: does not hold up the event loop
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    if (data === null) return null;
    // A rate limit in the wrong place.
    const until = performance.now() + 1;
    while (performance.now() < until);
    return Buffer.from(JSON.stringify(data), 'utf8');
  },
};

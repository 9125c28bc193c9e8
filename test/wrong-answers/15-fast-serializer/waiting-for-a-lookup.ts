// caught by: does not hold up the event loop
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    if (data === null) return null;
    // As if a registry were asked and waited for.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return Buffer.from(JSON.stringify(data), 'utf8');
  },
};

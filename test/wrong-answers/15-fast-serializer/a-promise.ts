// caught by: turns every order into the right bytes
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

export const orderSerializer: Serializer<Order> = {
  // The producer does not wait for a serializer, and neither does Java's.
  serialize: (async (topic: string, data: Order | null) =>
    data === null ? null : Buffer.from(JSON.stringify(data), 'utf8')) as never,
};

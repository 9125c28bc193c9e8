// caught by: turns every order into the right bytes
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    if (data === null) return null;
    // Quotes inside of texts are not escaped.
    const customer = data.customerId === null ? 'null' : `"${data.customerId}"`;
    return Buffer.from(
      `{"orderId":"${data.orderId}","customerId":${customer},"priority":"${data.priority}","amountCents":${data.amountCents}}`,
    );
  },
};

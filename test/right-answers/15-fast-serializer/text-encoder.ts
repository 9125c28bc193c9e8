import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

const encoder = new TextEncoder();

// TextEncoder makes a Uint8Array, which is wrapped without another copy.
export const orderSerializer: Serializer<Order> = {
  serialize: (_topic, data) => {
    const bytes = data && encoder.encode(JSON.stringify(data));
    return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  },
};

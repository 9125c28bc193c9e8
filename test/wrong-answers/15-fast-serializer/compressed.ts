// caught by: turns every order into the right bytes
import { gzipSync } from 'node:zlib';
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    if (data === null) return null;
    // Compression is the work of the producer, which does it for whole batches.
    return gzipSync(JSON.stringify(data));
  },
};

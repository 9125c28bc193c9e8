import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

const SLAB_SIZE = 1024 * 1024;
let slab = Buffer.allocUnsafe(SLAB_SIZE);
let used = 0;

// Pieces of one large buffer, each handed out once: a new one is begun when it is used up.
export const orderSerializer: Serializer<Order> = {
  serialize(_topic: string, data: Order | null): Buffer | null {
    if (data === null) return null;
    const json = JSON.stringify(data);
    const atMost = json.length * 3;
    if (atMost > SLAB_SIZE) return Buffer.from(json);
    if (used + atMost > SLAB_SIZE) {
      slab = Buffer.allocUnsafe(SLAB_SIZE);
      used = 0;
    }
    const start = used;
    used += slab.write(json, start);
    return slab.subarray(start, used);
  },
};

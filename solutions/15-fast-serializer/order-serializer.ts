import type { Order } from '../../src/lab/order';
import type { Serializer } from '../../src/producer/index';

/**
 * Turns orders into bytes. `send()` calls it for every record, on the one thread that also writes requests: while it runs,
 * nothing else does.
 */
export const orderSerializer: Serializer<Order> = {
  /** @returns the order as JSON in UTF-8, in a buffer that nobody else will write to; null for null. */
  serialize(topic: string, data: Order | null): Buffer | null {
    // @todo Return the bytes of `JSON.stringify(data)` in UTF-8, and null for null.
    // Do nothing else for a record: no waiting, no file, no compression (the producer compresses whole batches).
    // Return a new buffer each time: the caller may still be reading the last one.
    // null is a tombstone, which deletes a key from a compacted topic. The text "null" would be a value like any other.
    if (data === null) return null;
    // Buffer.from makes a new buffer of the right size for each call. A shared buffer would save little, and the bytes of the
    // last order, which the caller may still hold, would turn into those of the next.
    return Buffer.from(JSON.stringify(data), 'utf8');
    // @end
  },
};

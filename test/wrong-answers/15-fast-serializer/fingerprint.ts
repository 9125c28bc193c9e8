// caught by: does not hold up the event loop
import { pbkdf2Sync } from 'node:crypto';
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';

const fingerprints = new Set<string>();

export const orderSerializer: Serializer<Order> = {
  serialize(topic: string, data: Order | null): Buffer | null {
    if (data === null) return null;
    // A strong fingerprint of each order, kept for later.
    const bytes = Buffer.from(JSON.stringify(data), 'utf8');
    fingerprints.add(pbkdf2Sync(bytes, 'orders', 300, 32, 'sha256').toString('hex'));
    if (fingerprints.size > 10_000) fingerprints.clear();
    return bytes;
  },
};

import { takeOrders, type Order } from '../../lab/order';
import { JsonSerializer, type Serializer } from '../../producer/index';
import { table } from './table';
import { OddAnswer, tryAnswer } from './try-answer';

const ORDERS = 2000;
const ROUNDS = 5;

/** Shows what a learner's serializer costs for an order, beside the built-in one for JSON. Grades nothing. */
export function trySerializer(yours: Serializer<Order>): Promise<void> {
  return tryAnswer('15-fast-serializer', () => {
    const orders = takeOrders(ORDERS, { seed: 15 });
    const bytes = yours.serialize('orders', orders[0] ?? null);
    if (!(bytes instanceof Uint8Array)) {
      throw new OddAnswer(
        `Your serializer returned ${String(bytes)} for an order: it has to return a Buffer.`,
      );
    }
    const candidates = { yours, JsonSerializer: new JsonSerializer<Order>() };
    table(
      Object.entries(candidates).map(([serializer, one]) => ({
        serializer,
        'µs an order': microsecondsPerOrder(one, orders).toFixed(2),
      })),
    );
  });
}

/** Returns the shortest of a few rounds, because other work on the machine can only make a round longer. */
function microsecondsPerOrder(serializer: Serializer<Order>, orders: readonly Order[]): number {
  let shortestMs = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    for (const order of orders) serializer.serialize('orders', order);
    shortestMs = Math.min(shortestMs, performance.now() - startedMs);
  }
  return (shortestMs * 1000) / orders.length;
}

import { takeOrders, type Order } from '../../lab/order';
import { JsonSerializer, type Serializer } from '../../producer/index';
import { table } from './table';

const ORDERS = 2000;
const ROUNDS = 5;

/** Shows what a learner's serializer costs for an order, beside the built-in one for JSON. Grades nothing. */
export function trySerializer(yours: Serializer<Order>): void {
  const orders = takeOrders(ORDERS, { seed: 15 });
  const builtIn = new JsonSerializer<Order>();
  try {
    const bytes = yours.serialize('orders', orders[0] ?? null);
    if (!(bytes instanceof Uint8Array)) {
      console.log(`Your serializer made ${String(bytes)} of an order, and bytes were expected.`);
      return;
    }
    const rows = [
      { serializer: 'yours', 'µs an order': microsecondsPerOrder(yours, orders) },
      { serializer: 'JsonSerializer', 'µs an order': microsecondsPerOrder(builtIn, orders) },
    ];
    table(rows.map((row) => ({ ...row, 'µs an order': row['µs an order'].toFixed(2) })));
  } catch (error) {
    const notStarted = error instanceof Error && error.message === 'not started yet';
    console.log(
      notStarted
        ? 'Not started yet: open exercises/15-fast-serializer, fill in the stub, and run this cell again.'
        : `Your serializer failed: ${String(error)}`,
    );
  }
}

/** The shortest of a few rounds: what else runs on the machine only ever adds. */
function microsecondsPerOrder(serializer: Serializer<Order>, orders: readonly Order[]): number {
  let shortestMs = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    for (const order of orders) serializer.serialize('orders', order);
    shortestMs = Math.min(shortestMs, performance.now() - startedMs);
  }
  return (shortestMs * 1000) / orders.length;
}

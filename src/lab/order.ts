import { SeededRandom } from '../support/seeded-random';

export type OrderPriority = 'HIGH' | 'NORMAL' | 'LOW';

/** The record that the whole course sends. On the wire: its JSON in UTF-8 (see `orderBytes`). */
export interface Order {
  readonly orderId: string;
  /** null for a guest. The usual record key, so that one customer's orders stay in order. */
  readonly customerId: string | null;
  readonly priority: OrderPriority;
  /** Whole cents: money is not a floating-point number. */
  readonly amountCents: number;
}

export interface OrderOptions {
  readonly seed: number;
  /** How many customers there are. A few of them order most, as in any shop. */
  readonly customers?: number;
  /** Share of orders without a customer, 0 to 1. */
  readonly guestShare?: number;
  /** Share of orders with priority HIGH, 0 to 1; two thirds of the others are NORMAL. */
  readonly highShare?: number;
}

/** Half of all orders cost less than this. */
const MEDIAN_AMOUNT_CENTS = 4200;

/** Orders without end. The same options give the same orders; order ids count up from `order-0000001`. */
export function* orders(options: OrderOptions): Generator<Order, never> {
  const { seed, customers = 1000, guestShare = 0.1, highShare = 0.1 } = options;
  if (!Number.isInteger(customers) || customers < 1) {
    throw new RangeError(`customers must be a whole number from 1 on, not ${customers}.`);
  }
  checkShare('guestShare', guestShare);
  checkShare('highShare', highShare);
  const random = new SeededRandom(seed);
  for (let number = 1; ; number++) {
    const guest = random.chance(guestShare);
    // Squaring moves half of all orders to the first quarter of the customers.
    const customer = Math.floor(random.fraction() ** 2 * customers) + 1;
    const priority = random.chance(highShare) ? 'HIGH' : random.chance(2 / 3) ? 'NORMAL' : 'LOW';
    const amountCents = Math.max(99, Math.round(MEDIAN_AMOUNT_CENTS * Math.exp(random.normal())));
    yield {
      orderId: `order-${String(number).padStart(7, '0')}`,
      customerId: guest ? null : `customer-${customer}`,
      priority,
      amountCents,
    };
  }
}

/** The first `count` of these orders. */
export function takeOrders(count: number, options: OrderOptions): Order[] {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`count must be a whole number from 0 on, not ${count}.`);
  }
  const source = orders(options);
  return Array.from({ length: count }, () => source.next().value);
}

/** What an order looks like on the wire: `JSON.stringify` of it, in UTF-8; null stays null. */
export function orderBytes(order: null): null;
export function orderBytes(order: Order): Buffer;
export function orderBytes(order: Order | null): Buffer | null;
export function orderBytes(order: Order | null): Buffer | null {
  return order === null ? null : Buffer.from(JSON.stringify(order), 'utf8');
}

function checkShare(name: string, share: number): void {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`${name} must be from 0 to 1, not ${share}.`);
}

import { inspect } from 'node:util';
import { NOT_STARTED } from '../../../src/course/grading/answer-protocol';
import { takeOrders } from '../../../src/lab/order';
import type { Order } from '../../../src/lab/order';
import type { Serializer } from '../../../src/producer/index';
import { carry } from './support/carry';
import { schemaReadingSerializer } from './support/slow-serializer';

interface Answer {
  readonly orderSerializer: Serializer<Order>;
}

const TOPIC = 'orders';

/** Bytes in hexadecimal, null, something else that was returned (in words), or the error that came instead. */
export type Serialized =
  | { readonly hex: string }
  | { readonly isNull: true }
  | { readonly returned: string }
  | { readonly error: string; readonly message: string };

/** What the answer makes of each order. */
export async function serialize(answer: Answer, orders: readonly (Order | null)[]): Promise<Serialized[]> {
  const results: Serialized[] = [];
  for (const order of orders) results.push(await serializeOne(answer, order));
  return results;
}

async function serializeOne({ orderSerializer }: Answer, order: Order | null): Promise<Serialized> {
  try {
    const returned: unknown = orderSerializer.serialize(TOPIC, order);
    if (returned === null) return { isNull: true };
    if (Buffer.isBuffer(returned)) return { hex: returned.toString('hex') };
    // Awaited, so that a promise that never settles is named as that.
    if (returned instanceof Promise) return { returned: `a promise of ${inspect(await returned)}` };
    return { returned: inspect(returned) };
  } catch (error) {
    if (!(error instanceof Error) || error.message === NOT_STARTED) throw error;
    return { error: error.name, message: error.message };
  }
}

export interface ChangedBuffer {
  readonly index: number;
  readonly before: string;
  readonly after: string;
}

/** Keeps all buffers that the answer hands out, and looks at the end whether one of them has changed since. */
export async function keepBuffers(answer: Answer, orders: readonly Order[]): Promise<ChangedBuffer | null> {
  const kept = orders.map((order) => answer.orderSerializer.serialize(TOPIC, order)!);
  // Made in a second round, since a copy made in the first would not show a buffer that was written to in between.
  const copies: Buffer[] = [];
  for (const order of orders) copies.push(Buffer.from(answer.orderSerializer.serialize(TOPIC, order)!));
  // What an answer puts off until later has its turn here.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  const index = kept.findIndex((buffer, at) => !copies[at]!.equals(buffer));
  if (index === -1) return null;
  return { index, before: copies[index]!.toString('utf8'), after: kept[index]!.toString('utf8') };
}

/** How long a burst of records held up the event loop, in microseconds: one figure for each group of rounds. */
export interface Delays {
  readonly answer: number[];
  readonly slow: number[];
}

const BURST = 100;
const GROUPS = 9;
const ROUNDS_PER_GROUP = 8;
/** An answer that takes its time is slow enough to be judged by fewer rounds. */
const ENOUGH_AFTER_MS = 2_000;

/**
 * The answer and a slow serializer, turn and turn about: a burst of orders is serialized as a loop of `send()` does, and
 * a callback that was due at its beginning says how late it came. Of each group of rounds the shortest counts: the one
 * that no other program interrupted.
 */
export async function measureDelays(answer: Answer): Promise<Delays> {
  const orders = takeOrders(BURST, { seed: 15 });
  const delays: Delays = { answer: [], slow: [] };
  const startMs = performance.now();
  const late = (): boolean => performance.now() - startMs > ENOUGH_AFTER_MS;
  // Group -1 is for the compiler.
  for (let group = -1; group < GROUPS && (delays.answer.length === 0 || !late()); group++) {
    let shortest = { answer: Infinity, slow: Infinity };
    for (let round = 0; round < ROUNDS_PER_GROUP && (round === 0 || !late()); round++) {
      shortest = {
        answer: Math.min(shortest.answer, await delayOf(answer.orderSerializer, orders)),
        slow: Math.min(shortest.slow, await delayOf(schemaReadingSerializer, orders)),
      };
    }
    if (group < 0) continue;
    delays.answer.push(shortest.answer);
    delays.slow.push(shortest.slow);
  }
  return delays;
}

function delayOf(serializer: Serializer<Order>, orders: readonly Order[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const dueAt = process.hrtime.bigint();
    setImmediate(() => resolve(Number(process.hrtime.bigint() - dueAt) / 1000));
    try {
      for (const order of orders) serializer.serialize(TOPIC, order);
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** Sends the orders, null for a tombstone, through a producer with the answer in it. Returns how many were acknowledged. */
export function carryOrders(
  answer: Answer,
  input: {
    bootstrapServers: string;
    connection: object;
    topic: string;
    records: readonly { key: string; value: Order | null }[];
  },
): Promise<number> {
  return carry({ ...input, valueSerializer: answer.orderSerializer });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { takePayloads } from '../payloads';
import { SeededRandom } from '../../../support/seeded-random';

const SEED = 1;
/** Different values: as many as keep a codec from meeting the same one twice in a batch, and no more than fit here. */
const MOST_VALUES = 20_000;
const FEWEST_VALUES = 40;
const MOST_BYTES = 16 * 1024 * 1024;
/** Below this an order is cut to the part that all have in common, and would compress to nothing. */
const WHOLE_ORDER_BYTES = 60;

/**
 * Orders of exactly so many bytes each, shuffled: Java's tool picks values at random, and neighbours whose order ids
 * count up would compress better for everybody else.
 */
export function benchValues(sizeInBytes: number): Buffer[] {
  const count = Math.max(FEWEST_VALUES, Math.min(MOST_VALUES, Math.floor(MOST_BYTES / sizeInBytes)));
  if (sizeInBytes < WHOLE_ORDER_BYTES) return shuffled(piecesOfOrders(sizeInBytes, count));
  return shuffled(takePayloads('orders', count, { seed: SEED, sizeInBytes }).map(({ value }) => value));
}

function piecesOfOrders(sizeInBytes: number, count: number): Buffer[] {
  const orders = takePayloads('orders', Math.ceil((count * sizeInBytes) / WHOLE_ORDER_BYTES), { seed: SEED });
  const text = Buffer.concat(orders.map(({ value }) => value));
  const at = (index: number) => text.subarray(index * sizeInBytes, (index + 1) * sizeInBytes);
  return Array.from({ length: Math.floor(text.length / sizeInBytes) }, (_, index) => at(index));
}

function shuffled(values: Buffer[]): Buffer[] {
  const random = new SeededRandom(SEED);
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.integer(0, last);
    [values[last], values[other]] = [values[other] as Buffer, values[last] as Buffer];
  }
  return values;
}

/** One value on each line, as Java's ProducerPerformance takes them; orders are one line of ASCII each. */
export function writePayloadFile(file: string, values: readonly Buffer[]): void {
  const newline = Buffer.from('\n');
  const between = (value: Buffer, index: number) => (index === 0 ? [value] : [newline, value]);
  writeFileSync(file, Buffer.concat(values.flatMap(between)));
}

/**
 * The values as views of the file, one behind the other in memory as Java's tool has them. Each in a buffer of its own,
 * wherever there was room, they cost every client here up to 0.4 µs a record in waiting for memory.
 */
export function readPayloadFile(file: string): Buffer[] {
  const bytes = readFileSync(file);
  const values: Buffer[] = [];
  for (let start = 0; start <= bytes.length;) {
    const newline = bytes.indexOf('\n', start);
    const end = newline === -1 ? bytes.length : newline;
    values.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return values;
}

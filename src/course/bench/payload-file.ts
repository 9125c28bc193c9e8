import { readFileSync, writeFileSync } from 'node:fs';
import { takePayloads } from '../../lab/payloads';

const SEED = 1;
/** Different values: as many as keep a codec from meeting the same one twice in a batch, and no more than fit here. */
const MOST_VALUES = 20_000;
const FEWEST_VALUES = 40;
const MOST_BYTES = 16 * 1024 * 1024;
/** Below this an order is cut to the part that all have in common, and would compress to nothing. */
const WHOLE_ORDER_BYTES = 60;

/** Orders of exactly so many bytes each; every client sends the same ones, so that they compress alike. */
export function benchValues(sizeInBytes: number): Buffer[] {
  const count = Math.max(FEWEST_VALUES, Math.min(MOST_VALUES, Math.floor(MOST_BYTES / sizeInBytes)));
  if (sizeInBytes >= WHOLE_ORDER_BYTES) {
    return takePayloads('orders', count, { seed: SEED, sizeInBytes }).map(({ value }) => value);
  }
  const text = Buffer.concat(
    takePayloads('orders', Math.ceil((count * sizeInBytes) / WHOLE_ORDER_BYTES), { seed: SEED }).map(
      ({ value }) => value,
    ),
  );
  const values = Math.floor(text.length / sizeInBytes);
  return Array.from({ length: values }, (_, index) =>
    text.subarray(index * sizeInBytes, (index + 1) * sizeInBytes),
  );
}

/** One value on each line, as Java's ProducerPerformance takes them; orders are one line of ASCII each. */
export function writePayloadFile(file: string, values: readonly Buffer[]): void {
  const newline = Buffer.from('\n');
  const between = (value: Buffer, index: number) => (index === 0 ? [value] : [newline, value]);
  writeFileSync(file, Buffer.concat(values.flatMap(between)));
}

export function readPayloadFile(file: string): Buffer[] {
  return readFileSync(file, 'latin1')
    .split('\n')
    .map((line) => Buffer.from(line, 'latin1'));
}

import { Buffer } from 'node:buffer';
import type { Header } from '../protocol/header';
import { SeededRandom } from '../support/seeded-random';
import type { SendStep } from './schedule';

/** A value from this size on begins with the name of its record. */
const SMALLEST_NAMED_VALUE = 4;
const NAME_HEADER = 'record';
const DAY_MS = 86_400_000;
const DEFAULT_VALUE_SIZE = 10;
const MIXED_SIZES = [300, 600, 10, 100, 1000, 4];
const LARGEST_VALUE = 65_536;
let noise: Buffer | null = null;

/** A, B, … Z, AA, AB, …: short, and in the order of the alphabet within a length. */
export function recordNameAt(index: number): string {
  let name = '';
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

/** The bytes of a value: its record's name, a dot, and filling. null for a tombstone. */
export function valueOf(step: SendStep, name: string, index: number): Buffer | null {
  if (step.value === null) return null;
  const size = sizeOf(step, index);
  const bytes = step.noise === true ? noiseFor(name, size) : Buffer.alloc(size, 0x2e);
  if (size >= SMALLEST_NAMED_VALUE) bytes.write(`${name}.`);
  return bytes;
}

function sizeOf({ value }: SendStep, index: number): number {
  if (value === 'mixed') return MIXED_SIZES[index % MIXED_SIZES.length]!;
  return typeof value === 'number' ? value : DEFAULT_VALUE_SIZE;
}

/** Does not compress, nor do two records together. Drawn once: drawing byte by byte is slow. */
function noiseFor(name: string, size: number): Buffer {
  noise ??= new SeededRandom(1).bytes(2 * LARGEST_VALUE);
  const start = ([...name].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0), 0) * 997) % LARGEST_VALUE;
  return Buffer.from(noise.subarray(start, start + size));
}

export function keyOf(step: SendStep, name: string): Buffer | null {
  switch (step.key) {
    case undefined:
      return null;
    case 'empty':
      return Buffer.alloc(0);
    case 'same':
      return Buffer.from('key');
    case 'each':
      return Buffer.from(`key-${name}`);
  }
}

export function headersOf(step: SendStep, name: string, value: Buffer | null): Header[] {
  const headers = Array.from({ length: step.headers ?? 0 }, (_, index) => {
    return { key: `h${index}`, value: index % 2 === 0 ? Buffer.from('header') : null };
  });
  if (value !== null && value.length >= SMALLEST_NAMED_VALUE) return headers;
  return [...headers, { key: NAME_HEADER, value: Buffer.from(name) }];
}

export function timestampOf(step: SendStep, nowMs: number): number | undefined {
  switch (step.timestamp) {
    case undefined:
      return undefined;
    case 'own':
      return nowMs - 1;
    case 'old':
      return nowMs - 30 * DAY_MS;
    case 'future':
      return nowMs + 30 * DAY_MS;
  }
}

/** Whose record this is, as read back from a log or from a request; null if it is nobody's. */
export function nameOf(record: {
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}): string | null {
  const { value, headers } = record;
  if (value !== null && value.length >= SMALLEST_NAMED_VALUE) {
    const end = value.indexOf(0x2e);
    return end === -1 ? null : value.toString('latin1', 0, end);
  }
  return headers.find(({ key }) => key === NAME_HEADER)?.value?.toString() ?? null;
}

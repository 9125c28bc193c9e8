import { gzipSync } from 'node:zlib';
import { orderBytes, orders } from '../order';
import { SeededRandom } from '../../support/seeded-random';

/** Orders: JSON with many different values. Metrics: JSON that mostly repeats itself. Photos: bytes that are compressed already. */
export type Workload = 'orders' | 'metrics' | 'photos';

export const WORKLOADS: readonly Workload[] = ['orders', 'metrics', 'photos'];

export interface Payload {
  readonly key: string | null;
  readonly value: Buffer;
}

export interface PayloadOptions {
  readonly seed: number;
  /** Exact size of each value. Left out: as long as such data is by itself (photos: 1 KB). */
  readonly sizeInBytes?: number;
}

/** Values of a workload without end; the same options give the same bytes. */
export function* payloads(workload: Workload, options: PayloadOptions): Generator<Payload, never> {
  const { seed, sizeInBytes } = options;
  if (sizeInBytes !== undefined && !(Number.isInteger(sizeInBytes) && sizeInBytes >= 1)) {
    throw new RangeError(`sizeInBytes must be a whole number from 1 on, not ${sizeInBytes}.`);
  }
  const next = SOURCES[workload](seed);
  for (;;) {
    const { key, value } = next(sizeInBytes);
    yield { key, value };
  }
}

/** So many of them, made beforehand: a benchmark measures the producer and not the making of payloads. */
export function takePayloads(workload: Workload, count: number, options: PayloadOptions): Payload[] {
  const source = payloads(workload, options);
  return Array.from({ length: count }, () => source.next().value);
}

type Source = (seed: number) => (sizeInBytes: number | undefined) => Payload;

const SOURCES: Readonly<Record<Workload, Source>> = {
  orders: (seed) => {
    const source = orders({ seed });
    const random = new SeededRandom(seed);
    return (sizeInBytes) => {
      const order = source.next().value;
      return { key: order.customerId, value: fill(orderBytes(order), sizeInBytes, () => sentence(random)) };
    };
  },
  metrics: (seed) => {
    const random = new SeededRandom(seed);
    const start = Date.UTC(2024, 0, 1);
    let count = 0;
    const reading = (): string => {
      const host = `host-${random.integer(1, 20)}.shop.example`;
      const value = Math.round(50 + 10 * random.normal());
      return JSON.stringify({
        host,
        metric: random.pick(METRICS),
        unit: 'percent',
        value,
        timestamp: start + count++ * 1000,
      });
    };
    return (sizeInBytes) => {
      const value = Buffer.from(reading(), 'utf8');
      return { key: null, value: fill(value, sizeInBytes, () => `\n${reading()}`) };
    };
  },
  photos: (seed) => {
    const random = new SeededRandom(seed);
    return (sizeInBytes = 1024) => {
      // gzip's own header keeps it honest: these are real compressed bytes and not only noise.
      const bytes = gzipSync(random.bytes(sizeInBytes), { level: 1 });
      return { key: null, value: bytes.subarray(0, sizeInBytes) };
    };
  },
};

const METRICS = ['cpu.user', 'cpu.system', 'memory.used', 'disk.used', 'network.in', 'network.out'] as const;

const WORDS =
  'please leave the parcel with neighbour at door ring twice gift wrap invoice to office call before delivery fragile blue green large small return express morning evening weekend'.split(
    ' ',
  );

function sentence(random: SeededRandom): string {
  return ` ${random.pick(WORDS)}`;
}

/** Exactly `sizeInBytes`: cut where the data is longer, continued where it is shorter. */
function fill(value: Buffer, sizeInBytes: number | undefined, more: () => string): Buffer {
  if (sizeInBytes === undefined) return value;
  if (value.length >= sizeInBytes) return value.subarray(0, sizeInBytes);
  const filled = Buffer.allocUnsafe(sizeInBytes);
  let at = value.copy(filled);
  while (at < sizeInBytes) at += filled.write(more(), at, 'latin1');
  return filled;
}

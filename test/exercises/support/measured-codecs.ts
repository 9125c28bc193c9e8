import type { CourseKafka } from '../../../src/broker/index';
import { takePayloads, WORKLOADS } from '../../../src/lab/load/payloads';
import type { Workload } from '../../../src/lab/load/payloads';
import type { DecodedRecordBatch } from '../../../src/network/log-reader';
import { codecFor, COMPRESSION_TYPES } from '../../../src/protocol/compression';
import type { CompressionType } from '../../../src/protocol/compression';
import { BATCH_HEADER_SIZE } from '../../../src/protocol/record-batch-format';
import { ByteArraySerializer } from '../../../src/producer/index';
import { carry } from '../probes/support/carry';
import { brokerTopic } from './broker-topic';

export interface MeasuredCodec {
  readonly type: CompressionType;
  /** In the broker's log: record batches with their headers, per record. */
  readonly bytesPerRecord: number;
}

export interface MeasuredWorkload {
  readonly codecs: readonly MeasuredCodec[];
  /** What the codecs were given: the records of each batch, as the broker stored them with `none`. */
  readonly batches: readonly { readonly records: Buffer; readonly recordCount: number }[];
}

const RECORDS: Readonly<Record<Workload, number>> = { orders: 3_000, metrics: 3_000, photos: 300 };

/**
 * Every codec with every workload through the producer to the broker, and the bytes read back from its log. Batches leave
 * when they are full or flushed and never because time went by, and record timestamps are fixed: the figures are the same
 * in each run.
 */
export async function measureBytes(kafka: CourseKafka): Promise<Record<Workload, MeasuredWorkload>> {
  const partitionOf = (workload: Workload, type: CompressionType): number =>
    WORKLOADS.indexOf(workload) * COMPRESSION_TYPES.length + COMPRESSION_TYPES.indexOf(type);
  const measured: Partial<Record<Workload, MeasuredWorkload>> = {};
  const partitions = WORKLOADS.length * COMPRESSION_TYPES.length;
  await brokerTopic(
    kafka,
    { name: 'compression-choice', partitions },
    async ({ topic, connect, readBatches }) => {
      for (const type of COMPRESSION_TYPES) {
        const records = WORKLOADS.flatMap((workload) => {
          const partition = partitionOf(workload, type);
          return takePayloads(workload, RECORDS[workload], { seed: 16 }).map((payload) => {
            return { ...payload, partition, timestamp: Date.UTC(2024, 0, 1) };
          });
        });
        const config = { 'compression.type': type, 'linger.ms': 60_000 } as const;
        await carry({ ...connect, topic, records, valueSerializer: new ByteArraySerializer(), config });
      }
      const log = await readBatches();
      for (const workload of WORKLOADS) {
        const codecs = COMPRESSION_TYPES.map((type) => {
          const stored = log[partitionOf(workload, type)]!;
          checkComplete(stored, workload, type);
          return { type, bytesPerRecord: bytesIn(stored) / RECORDS[workload] };
        });
        const batches = log[partitionOf(workload, 'none')]!.map(({ bytes, recordCount }) => {
          return { records: bytes.subarray(BATCH_HEADER_SIZE), recordCount };
        });
        measured[workload] = { codecs, batches };
      }
    },
  );
  return measured as Record<Workload, MeasuredWorkload>;
}

/** A log that does not hold what was acknowledged says nothing about an answer. */
function checkComplete(
  batches: readonly DecodedRecordBatch[],
  workload: Workload,
  type: CompressionType,
): void {
  const found = batches.reduce((sum, { recordCount }) => sum + recordCount, 0);
  if (found === RECORDS[workload]) return;
  throw new Error(
    `The broker acknowledged ${RECORDS[workload]} ${workload} with ${type}, and its log holds ${found} of them: grade again.`,
  );
}

function bytesIn(batches: readonly DecodedRecordBatch[]): number {
  return batches.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
}

/** CPU time for each codec, in microseconds per record: one figure for each group of rounds. */
export type CpuCosts = Readonly<Record<CompressionType, readonly number[]>>;

const GROUPS = 9;
const ROUNDS_PER_GROUP = 8;
const BATCHES = 6;

/**
 * What compressing costs, all codecs turn and turn about. The system's own CPU counter moves in steps of 4 ms and more on
 * many machines, hundreds of batches at once; a synchronous compression that nothing interrupts takes exactly its CPU
 * time, so of each group of rounds the shortest counts, batch by batch.
 */
export function measureCpu({ batches }: MeasuredWorkload): CpuCosts {
  const codecs = COMPRESSION_TYPES.map((type) => codecFor(type));
  const costs = Object.fromEntries(COMPRESSION_TYPES.map((type) => [type, [] as number[]])) as Record<
    CompressionType,
    number[]
  >;
  const sample = batches.slice(0, BATCHES);
  const recordCount = sample.reduce((sum, batch) => sum + batch.recordCount, 0);
  // Group -1 is for the compiler and for the codecs' own tables.
  for (let group = -1; group < GROUPS; group++) {
    const shortest = codecs.map(() => sample.map(() => Infinity));
    for (let round = 0; round < ROUNDS_PER_GROUP; round++) {
      for (const [at, { records }] of sample.entries()) {
        for (const [index, codec] of codecs.entries()) {
          const start = process.hrtime.bigint();
          codec.compress(records);
          const tookNs = Number(process.hrtime.bigint() - start);
          shortest[index]![at] = Math.min(shortest[index]![at]!, tookNs);
        }
      }
    }
    if (group < 0) continue;
    for (const [index, { type }] of codecs.entries()) {
      const totalNs = shortest[index]!.reduce((sum, ns) => sum + ns, 0);
      costs[type].push(Math.max(totalNs, 1) / 1000 / recordCount);
    }
  }
  return costs;
}

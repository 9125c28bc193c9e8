import type { KafkaDescription } from '../../../broker/index';
import type { Contender } from './contender';

/** What one process of a contender has to do; plain JSON. */
export interface BenchJob {
  readonly contender: Contender;
  readonly kafka: KafkaDescription;
  readonly topic: string;
  /** The values to send, one on each line, again and again. */
  readonly payloadFile: string;
  readonly warmupRecords: number;
  /** Measured ones, on top of the warm-up. */
  readonly records: number;
  readonly lingerMs: number;
  /** Left out: as fast as the client takes them. */
  readonly recordsPerSecond?: number;
  /** For the contenders that are not written in TypeScript. */
  readonly tools: BenchTools;
}

export interface BenchTools {
  readonly java: string;
  readonly classPath: string;
  /** A Python that has confluent-kafka; null where that is not to be had. */
  readonly python: string | null;
}

export interface LatencyPercentilesMs {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/**
 * Measured from when the first record after the warm-up is handed to the client, with nothing of the warm-up left in its
 * buffers, until the last one is acknowledged. Java's tool does not wait for its buffer, so there the windows that it
 * prints say how fast it was.
 */
export interface Measurement {
  readonly records: number;
  readonly durationMs: number;
  /** From handing a record over to hearing of its acknowledgement. */
  readonly latencyMs: LatencyPercentilesMs;
  /** User and system time of the whole process within `durationMs`. */
  readonly cpuMs: number;
  /** The most memory that the process had since it started. */
  readonly peakMemoryBytes: number;
}

export type ContenderReply =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly message: string };

/** Every client gets the same: Java's tuned settings of the comparison. */
export const BATCH_SIZE = 65_536;
export const BUFFER_MEMORY = 64 * 1024 * 1024;

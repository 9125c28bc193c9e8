import { ManualClock } from '../../../src/support/clock';
import { SystemEventLoop } from '../../../src/support/event-loop';
import type { TraceEvent } from '../../../src/trace/trace-event';
import { UNKNOWN_PARTITION } from '../../../src/producer/internals/record-appender';
import { estimateUpperBound } from '../../../src/protocol/record-batch-format';
import { assembleProducerInternals } from '../../../src/producer/internals/producer-internals';
import type { ProducerInternals } from '../../../src/producer/internals/producer-internals';
import type { FutureRecordMetadata } from '../../../src/producer/internals/future-record-metadata';
import type { PendingRecord, SendCallback } from '../../../src/producer/internals/producer-batch';
import type { ProducerSettings } from '../../../src/producer/internals/producer-settings';
import type { ProducerParts } from '../../../src/producer/producer-parts';
import { ScriptedNetwork, metadataFor } from './scripted-network';
import type { Topology } from './scripted-network';

export const TOPIC = 'orders';

const DEFAULTS: ProducerSettings = {
  clientId: 'producer-1',
  bootstrapServers: '127.0.0.1:9092',
  acks: -1,
  batchSize: 16_384,
  lingerMs: 0,
  bufferMemory: 33_554_432,
  maxBlockMs: 60_000,
  maxRequestSize: 1_048_576,
  compressionType: 'none',
  compressionLevel: undefined,
  enableIdempotence: false,
  maxInFlightRequests: 5,
  retries: 2_147_483_647,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1000,
  requestTimeoutMs: 1000,
  deliveryTimeoutMs: 1500,
  ignoreKeys: false,
  adaptivePartitioning: true,
  partitionAvailabilityTimeoutMs: 0,
  metadataMaxAgeMs: 300_000,
  metadataMaxIdleMs: 300_000,
  reconnectBackoffMs: 50,
  reconnectBackoffMaxMs: 1000,
  socketConnectionSetupTimeoutMs: 10_000,
  metricsSamples: 2,
  metricsWindowMs: 30_000,
};

export interface FixtureOptions extends Partial<ProducerSettings> {
  readonly topology?: Topology;
  /** In [0, 1); the middle by default, so that backoffs have no jitter. */
  readonly random?: () => number;
  readonly parts?: ProducerParts;
}

export interface RecordOptions {
  readonly topic?: string;
  readonly partition?: number;
  readonly key?: string | null;
  readonly value?: string | Buffer | null;
  readonly callback?: SendCallback;
}

/** The producer without its front door: everything behind send(), to be stepped by hand. The topic's metadata are known. */
export class Fixture {
  readonly clock = new ManualClock(1_700_000_000_000);
  readonly network: ScriptedNetwork;
  readonly engine: ProducerInternals;
  readonly settings: ProducerSettings;
  readonly trace: TraceEvent[] = [];

  constructor(options: FixtureOptions = {}) {
    const { topology = { leaders: { [TOPIC]: [0] } }, random = () => 0.5, parts = {}, ...settings } = options;
    this.settings = { ...DEFAULTS, ...settings };
    this.network = new ScriptedNetwork(topology);
    this.engine = assembleProducerInternals({
      settings: this.settings,
      clock: this.clock,
      eventLoop: new SystemEventLoop(),
      random,
      parts,
      connection: {},
      network: this.network,
      trace: (event) => this.trace.push(event),
    });
    // The loop would run by itself: tests step the sender.
    this.engine.loop.stop();
    this.learn();
  }

  get accumulator() {
    return this.engine.accumulator;
  }

  /** The cluster as it is now becomes known. */
  learn(): void {
    const { metadata } = this.engine;
    for (const topic of Object.keys(this.network.topology.leaders)) metadata.add(topic, this.clock.now());
    metadata.update(metadataFor(this.network.topology, metadata.topics), this.clock.now());
  }

  record({
    topic = TOPIC,
    partition = 0,
    key = null,
    value = 'value',
    callback,
  }: RecordOptions = {}): PendingRecord {
    const keyBytes = key === null ? null : Buffer.from(key);
    const valueBytes = typeof value === 'string' ? Buffer.from(value) : value;
    return {
      topic,
      partition,
      timestamp: this.clock.now(),
      key: keyBytes,
      value: valueBytes,
      headers: [],
      sizeUpperBound: estimateUpperBound(keyBytes, valueBytes),
      callback: callback ?? null,
      number: 0,
    };
  }

  /** Appends where there is memory; throws where it would wait. */
  append(options: RecordOptions = {}): FutureRecordMetadata {
    const future = this.accumulator.append(this.record(options));
    if (future === null) throw new Error('The pool has no memory left for this record.');
    return future;
  }

  appendSticky(value: string | Buffer): { future: FutureRecordMetadata; partition: number } {
    const record = this.record({ partition: UNKNOWN_PARTITION, value });
    const future = this.accumulator.append(record);
    if (future === null) throw new Error('The pool has no memory left for this record.');
    return { future, partition: record.partition };
  }

  /** One step of the sender; what had been answered before has arrived by then. Returns when the next step is due. */
  async step(): Promise<number> {
    await settled();
    const timeoutMs = this.engine.sender.runOnce();
    await settled();
    return timeoutMs;
  }

  async steps(count: number): Promise<void> {
    for (let step = 0; step < count; step++) await this.step();
  }

  /** An idempotent producer has its id, and the brokers know it: several batches of a partition may be in flight. */
  async withProducerId(): Promise<this> {
    const idempotence = this.engine.idempotence!;
    idempotence.setProducerId(4000n, 0);
    for (const [topic, leaders] of Object.entries(this.network.topology.leaders)) {
      for (const partition of leaders.keys()) {
        const sequences = idempotence.sequencesOf(topic, partition);
        sequences.startAtBeginning(4000n, 0);
        sequences.lastAckedMs = this.clock.now();
      }
    }
    return Promise.resolve(this);
  }

  drainAll(maxSize = Number.MAX_SAFE_INTEGER, nodes: readonly number[] = [0]) {
    return this.accumulator.drain(nodes, maxSize, this.clock.now());
  }
}

/** Everything that promises had to do has been done. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}

/** What a future has come to by now: its metadata, its error, or 'open'. */
export async function stateOf(future: { get(): Promise<unknown>; isDone(): boolean }): Promise<unknown> {
  if (!future.isDone()) return 'open';
  return future.get().then(
    () => 'delivered',
    (error: Error) => error,
  );
}

export function bytes(size: number): Buffer {
  return Buffer.alloc(size, 'x');
}

/** Afterwards the topic is believed to compress to half its size, so that a batch takes in twice as much as it should. */
export async function learnThatRecordsCompressWell(fixture: Fixture): Promise<void> {
  for (let batch = 0; batch < 100; batch++) {
    fixture.append({ value: bytes(5000) });
    await fixture.step();
    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.step();
  }
}

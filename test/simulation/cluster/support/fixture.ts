import type { NetworkClient } from '../../../../src/network/network-client';
import { codecFor } from '../../../../src/protocol/compression';
import type { CompressionType } from '../../../../src/protocol/compression';
import type { Acks, PartitionProduceResponse } from '../../../../src/protocol/messages';
import { RecordBatchBuilder } from '../../../../src/protocol/record-batch-builder';
import { SimulatedCluster } from '../../../../src/simulation/simulated-cluster';
import type { SimulatedClusterOptions } from '../../../../src/simulation/simulated-cluster';
import type { SimulatedNetworkClient } from '../../../../src/simulation/simulated-network-client';
import type { SimulatedConnectOptions } from '../../../../src/simulation/simulated-cluster';
import { ManualClock } from '../../../../src/support/clock';
import type { ClusterTraceEvent } from '../../../../src/trace/trace-event';

/** When the clocks of these tests begin: a time at which a broker takes a record's timestamp. */
export const START_MS = 1_700_000_000_000;

export interface BatchSpec {
  /** -1: not idempotent. */
  readonly sequence?: number;
  readonly values?: readonly string[];
  readonly key?: string | null;
  readonly epoch?: number;
  readonly producerId?: bigint;
  readonly timestamp?: number;
  readonly compression?: CompressionType;
}

/** The bytes of a record batch, ready to be sent. */
export function batchBytes({
  sequence = -1,
  values = ['value'],
  key = null,
  epoch = sequence < 0 ? -1 : 0,
  producerId = sequence < 0 ? -1n : 7n,
  timestamp = START_MS,
  compression = 'none',
}: BatchSpec = {}): Buffer {
  const builder = new RecordBatchBuilder({ writeLimit: 1024, codec: codecFor(compression) });
  for (const value of values) {
    builder.append(timestamp, key === null ? null : Buffer.from(key), Buffer.from(value));
  }
  return builder.close({ producerId, producerEpoch: epoch, baseSequence: sequence });
}

export interface Sending {
  readonly node?: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly acks?: Acks;
  readonly timeoutMs?: number;
}

/** A cluster, one client of it that is connected to every broker, and a clock to step. */
export class SimulatedSetup {
  readonly clock = new ManualClock(START_MS);
  readonly events: ClusterTraceEvent[] = [];
  readonly cluster: SimulatedCluster;

  constructor(options: Partial<SimulatedClusterOptions> = {}) {
    this.cluster = new SimulatedCluster({
      clock: this.clock,
      topics: [{ name: 'orders', partitions: 2 }],
      trace: (event) => this.events.push(event),
      ...options,
    });
  }

  async connect(options: SimulatedConnectOptions = {}): Promise<SimulatedNetworkClient> {
    const client = this.cluster.connect(options);
    await this.until(client.fetchMetadata([]));
    for (const node of this.cluster.runningBrokers) await this.untilReady(client, node);
    return client;
  }

  async untilReady(client: NetworkClient, node: number): Promise<void> {
    for (let step = 0; !client.ready(node); step++) {
      if (step > 10_000) throw new Error(`Broker ${node} does not become ready.`);
      await this.step();
    }
  }

  /** Steps the clock, a millisecond at a time, until the promise has settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => void (settled = true);
    promise.then(settle, settle);
    await turn();
    for (let step = 0; !settled; step++) {
      if (step > 100_000) throw new Error('The promise does not settle.');
      await this.step();
    }
    return promise;
  }

  /** One millisecond, and whatever comes of it. */
  async step(): Promise<void> {
    this.clock.advance(1);
    await turn();
  }

  async advance(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed++) await this.step();
  }

  /** One batch in one request; resolves with the partition's response, or rejects with what came in its place. */
  async produce(
    client: NetworkClient,
    batch: BatchSpec | Buffer = {},
    { node = 1, topic = 'orders', partition = 0, acks = -1, timeoutMs = 1000 }: Sending = {},
  ): Promise<PartitionProduceResponse> {
    const bytes = Buffer.isBuffer(batch) ? batch : batchBytes(batch);
    const request = { acks, timeoutMs, batches: [{ topic, partition, bytes }] };
    const { partitions } = await client.produce(node, request, timeoutMs);
    return partitions[0]!;
  }

  values(topic = 'orders', partition = 0): (string | undefined)[] {
    return this.cluster.log(topic, partition).records.map(({ value }) => value?.toString());
  }
}

/** After all promises that can go on have gone on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaDescription } from '../../../../src/broker/index';
import { KafkaJsNetworkClient } from '../../../../src/network/kafkajs-network-client';
import type { NetworkClient } from '../../../../src/network/network-client';
import { ERROR_CODE } from '../../../../src/protocol/error-code';
import type { Acks, ClusterMetadata, PartitionProduceResponse } from '../../../../src/protocol/messages';
import { SimulatedCluster } from '../../../../src/simulation/simulated-cluster';
import type { SimulatedClusterOptions } from '../../../../src/simulation/simulated-cluster';
import { SystemClock } from '../../../../src/support/clock';

const TIMEOUT_MS = 30_000;

/** A real cluster and a simulated one of as many brokers, each with a client that is connected to all of them. */
export class TwinClients {
  private constructor(
    readonly real: NetworkClient,
    readonly simulated: NetworkClient,
    readonly cluster: SimulatedCluster,
  ) {}

  static async connect(
    kafka: Pick<KafkaDescription, 'bootstrapServers' | 'connection' | 'brokers'>,
    options: Omit<SimulatedClusterOptions, 'clock' | 'brokers'>,
    clientId = 'fidelity',
  ): Promise<TwinClients> {
    const { bootstrapServers, connection, brokers } = kafka;
    const real = new KafkaJsNetworkClient({
      ...connection,
      bootstrapServers,
      clientId,
      requestTimeoutMs: TIMEOUT_MS,
      maxInFlightRequestsPerConnection: 5,
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 500,
      socketConnectionSetupTimeoutMs: TIMEOUT_MS,
    });
    const cluster = new SimulatedCluster({ ...options, clock: new SystemClock(), brokers });
    const twin = new TwinClients(real, cluster.connect({ clientId }), cluster);
    await Promise.all(
      twin.both(async (client) => {
        const metadata = await client.fetchMetadata([]);
        for (const { id } of metadata.brokers) await untilReady(client, id);
      }),
    );
    await untilProducerIds(real);
    return twin;
  }

  /** Each promise of its own, the real one first. */
  both<T>(use: (client: NetworkClient) => Promise<T>): [Promise<T>, Promise<T>] {
    return [use(this.real), use(this.simulated)];
  }

  /** Expects that both come to the same, and returns it. */
  async same<T>(use: (client: NetworkClient) => Promise<T>): Promise<T> {
    const [real, simulated] = await Promise.all(this.both(use));
    expect(simulated).toEqual(real);
    return real;
  }

  async close(): Promise<void> {
    await Promise.all([this.real.close(), this.simulated.close()]);
  }
}

export async function untilReady(client: NetworkClient, node: number): Promise<void> {
  let lookAgain = (): void => {};
  client.onReadyChange(() => lookAgain());
  while (!client.ready(node)) await new Promise<void>((resolve) => (lookAgain = resolve));
}

/** A broker that has just started has no producer ids yet: it asks the controller for a block of them when the first client asks. */
function untilProducerIds(client: NetworkClient): Promise<void> {
  return until('the broker has producer ids', async () => {
    const { errorCode } = await client.initProducerId();
    return errorCode !== ERROR_CODE.COORDINATOR_LOAD_IN_PROGRESS;
  });
}

/** Asks the real broker over and over again: it has no other way to say so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await isSo());) {
    if (Date.now() > deadline) throw new Error(`Not within 30 s: ${what}.`);
    await delay(20);
  }
}

export interface OneBatch {
  readonly topic: string;
  readonly partition?: number;
  readonly bytes: Buffer;
  readonly acks?: Acks;
}

/** What a partition's response says, or `no response` if the connection broke in its place. */
export async function produceOne(
  client: NetworkClient,
  node: number,
  { topic, partition = 0, bytes, acks = -1 }: OneBatch,
): Promise<Partial<PartitionProduceResponse> | 'no response'> {
  const request = { acks, timeoutMs: 5000, batches: [{ topic, partition, bytes: Buffer.from(bytes) }] };
  try {
    const { partitions } = await client.produce(node, request, TIMEOUT_MS);
    const { errorCode, baseOffset, errorMessage, currentLeader = null } = partitions[0]!;
    return { errorCode, baseOffset, errorMessage, currentLeader };
  } catch {
    return 'no response';
  }
}

/** The topics of metadata without ids of brokers and topics, which differ. */
export function comparableTopics({ topics }: ClusterMetadata) {
  return topics
    .map(({ topic, errorCode, topicId, partitions }) => ({
      topic,
      errorCode,
      hasTopicId: (topicId ?? null) !== null,
      partitions: partitions.map(({ partition, leader, leaderEpoch, replicas, inSyncReplicas }) => ({
        partition,
        hasLeader: leader >= 0,
        leaderEpoch,
        replicas: replicas.length,
        inSync: inSyncReplicas.length,
      })),
    }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

import type { AuthenticationError } from '../../../src/protocol/errors';
import { NetworkFailure } from '../../../src/network/network-client';
import type {
  ClusterMetadata,
  PartitionProduceResponse,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../../../src/protocol/messages';
import type { NetworkClient } from '../../../src/network/network-client';
import { decodeRecordBatches } from '../../../src/protocol/record-batch-decoder';
import type { DecodedRecordBatch } from '../../../src/protocol/record-batch-decoder';

/** A request under way, to be answered by the test when it likes. */
export interface OpenRequest {
  readonly node: number;
  readonly request: ProduceRequest;
  /** As they were when they were sent. */
  readonly batches: readonly (DecodedRecordBatch & { topic: string; partition: number })[];
  answer(
    answers: Partial<PartitionProduceResponse> | Partial<PartitionProduceResponse>[],
    throttleTimeMs?: number,
  ): void;
  disconnect(): void;
}

export interface Topology {
  /** Leader of each partition, by topic; -1 for none. */
  leaders: Record<string, number[]>;
  leaderEpoch?: number;
  errorCodes?: Record<string, number>;
}

/** A network that does nothing by itself: every answer is given by the test, so that each order of events can be played. */
export class ScriptedNetwork implements NetworkClient {
  readonly open: OpenRequest[] = [];
  readonly requests: OpenRequest[] = [];
  readonly metadataRequests: (readonly string[])[] = [];
  readonly notReady = new Set<number>();
  readonly producerIds: ProducerIdResponse[] = [];
  producerIdRequests = 0;
  metadataFails: Error | null = null;
  closed = false;
  onReady: () => void = () => {};

  constructor(public topology: Topology) {}

  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    this.metadataRequests.push(topics);
    if (this.metadataFails !== null) return Promise.reject(this.metadataFails);
    return Promise.resolve(metadataFor(this.topology, topics));
  }

  initProducerId(): Promise<ProducerIdResponse> {
    const id = this.producerIdRequests++;
    const answer = this.producerIds.shift() ?? {
      errorCode: 0,
      producerId: BigInt(4000 + id),
      producerEpoch: 0,
    };
    return Promise.resolve(answer);
  }

  produce(node: number, request: ProduceRequest): Promise<ProduceResponse> {
    const batches = request.batches.map(({ topic, partition, bytes }) => {
      const [batch] = decodeRecordBatches(Buffer.from(bytes));
      return Object.assign(batch!, { topic, partition });
    });
    return new Promise((resolve, reject) => {
      const settled = () => this.open.splice(this.open.indexOf(entry), 1);
      const entry: OpenRequest = {
        node,
        request,
        batches,
        answer: (answers, throttleTimeMs = 0) => {
          settled();
          const given = Array.isArray(answers) ? answers : request.batches.map(() => answers);
          resolve({
            throttleTimeMs,
            partitions: request.batches.map((batch, at) => complete(batch, given[at])),
          });
        },
        disconnect: () => {
          settled();
          reject(new NetworkFailure(`Node ${node} is gone.`));
        },
      };
      this.open.push(entry);
      this.requests.push(entry);
    });
  }

  ready(nodeId: number): boolean {
    return !this.notReady.has(nodeId);
  }

  onReadyChange(listener: () => void): void {
    this.onReady = listener;
  }

  authenticationError(_nodeId: number): AuthenticationError | null {
    return null;
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function complete(
  { topic, partition }: { topic: string; partition: number },
  answer: Partial<PartitionProduceResponse> | undefined,
): PartitionProduceResponse {
  return {
    topic,
    partition,
    errorCode: 0,
    errorMessage: null,
    baseOffset: 0n,
    logAppendTimeMs: -1,
    recordErrors: [],
    ...answer,
  };
}

export function metadataFor(topology: Topology, topics: readonly string[]): ClusterMetadata {
  const nodes = new Set(Object.values(topology.leaders).flat());
  return {
    brokers: [...nodes].filter((id) => id >= 0).map((id) => ({ id, host: '127.0.0.1', port: 9092 + id })),
    topics: topics.map((topic) => {
      const leaders = topology.leaders[topic] ?? [];
      const errorCode = topology.errorCodes?.[topic] ?? (leaders.length === 0 ? 3 : 0);
      const leaderEpoch = topology.leaderEpoch ?? 100;
      const partitions = leaders.map((leader, partition) => ({
        partition,
        leader,
        leaderEpoch,
        replicas: [leader],
        inSyncReplicas: [leader],
      }));
      return { topic, errorCode, partitions: errorCode === 0 ? partitions : [] };
    }),
  };
}

import type { AuthenticationError } from '../../protocol/errors';
import type { KafkaAddress } from '../../network/connection-options';
import { KafkaJsNetworkClient } from '../../network/kafkajs-network-client';
import type {
  ClusterMetadata,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../../protocol/messages';
import type { NetworkClient } from '../../network/network-client';
import { BatchOffset } from '../../protocol/record-batch-format';

/** What went over the wire, retries included. */
export interface NetworkCounters {
  readonly requests: number;
  readonly batches: number;
  readonly records: number;
  /** Of the record batches: compressed, headers included. */
  readonly bytes: number;
}

/** A record batch at the moment it goes out. */
export interface SentBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
  readonly bytes: number;
  /** From the timestamp of its first record, which is when that was sent, unless the record named another. */
  readonly queuedMs: number;
}

const NOTHING: NetworkCounters = { requests: 0, batches: 0, records: 0, bytes: 0 };

/** Counts what a producer sends, at next to no cost: a trace of each record would slow down what is being measured. */
export class CountingNetworkClient implements NetworkClient {
  #counters = { ...NOTHING };

  constructor(
    private readonly network: NetworkClient,
    private readonly onBatch: ((batch: SentBatch) => void) | null = null,
  ) {}

  /** Over kafkajs's connections, with the defaults of the producer. */
  static connect(
    kafka: KafkaAddress,
    clientId: string,
    onBatch?: (batch: SentBatch) => void,
  ): CountingNetworkClient {
    return new CountingNetworkClient(
      new KafkaJsNetworkClient({
        ...kafka.connection,
        bootstrapServers: kafka.bootstrapServers,
        clientId,
        requestTimeoutMs: 30_000,
        maxInFlightRequestsPerConnection: 5,
        reconnectBackoffMs: 50,
        reconnectBackoffMaxMs: 1000,
        socketConnectionSetupTimeoutMs: 10_000,
      }),
      onBatch,
    );
  }

  get counters(): NetworkCounters {
    return { ...this.#counters };
  }

  reset(): void {
    this.#counters = { ...NOTHING };
  }

  produce(nodeId: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse> {
    this.#counters.requests++;
    for (const { topic, partition, bytes } of request.batches) {
      const records = bytes.readInt32BE(BatchOffset.recordCount);
      this.#counters.batches++;
      this.#counters.records += records;
      this.#counters.bytes += bytes.length;
      const queuedMs = Date.now() - Number(bytes.readBigInt64BE(BatchOffset.baseTimestamp));
      this.onBatch?.({ topic, partition, records, bytes: bytes.length, queuedMs });
    }
    return this.network.produce(nodeId, request, requestTimeoutMs);
  }

  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    return this.network.fetchMetadata(topics);
  }

  initProducerId(): Promise<ProducerIdResponse> {
    return this.network.initProducerId();
  }

  ready(nodeId: number): boolean {
    return this.network.ready(nodeId);
  }

  onReadyChange(listener: () => void): void {
    this.network.onReadyChange(listener);
  }

  authenticationError(nodeId: number): AuthenticationError | null {
    return this.network.authenticationError(nodeId);
  }

  close(): Promise<void> {
    return this.network.close();
  }
}

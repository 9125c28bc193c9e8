import type { KafkaAddress } from '../network/connection-options';
import { KafkaJsNetworkClient } from '../network/kafkajs-network-client';
import type {
  ClusterMetadata,
  NetworkClient,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../network/network-client';
import { BatchOffset } from '../producer/internals/record-batch-format';

/** What went over the wire, retries included. */
export interface NetworkCounters {
  readonly requests: number;
  readonly batches: number;
  readonly records: number;
  /** Of the record batches: compressed, headers included. */
  readonly bytes: number;
}

const NOTHING: NetworkCounters = { requests: 0, batches: 0, records: 0, bytes: 0 };

/** Counts what a producer sends, at next to no cost: a trace of each record would slow down what is being measured. */
export class CountingNetworkClient implements NetworkClient {
  #counters = { ...NOTHING };

  constructor(private readonly network: NetworkClient) {}

  /** Over kafkajs's connections, with the defaults of the producer. */
  static connect(kafka: KafkaAddress, clientId: string): CountingNetworkClient {
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
    for (const { bytes } of request.batches) {
      this.#counters.batches++;
      this.#counters.records += bytes.readInt32BE(BatchOffset.recordCount);
      this.#counters.bytes += bytes.length;
    }
    return this.network.produce(nodeId, request, requestTimeoutMs);
  }

  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    return this.network.fetchMetadata(topics);
  }

  initProducerId(current?: { producerId: bigint; producerEpoch: number }): Promise<ProducerIdResponse> {
    return this.network.initProducerId(current);
  }

  isReady(nodeId: number): boolean {
    return this.network.isReady(nodeId);
  }

  onReadyChange(listener: () => void): void {
    this.network.onReadyChange(listener);
  }

  close(): Promise<void> {
    return this.network.close();
  }
}

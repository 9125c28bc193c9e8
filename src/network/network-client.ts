import type { AuthenticationError } from '../protocol/errors';
import type {
  ClusterMetadata,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../protocol/messages';

/**
 * What the producer needs of a connection to Kafka, and nothing more: Java's `KafkaClient`. `KafkaJsNetworkClient` carries it
 * over kafkajs's connections; the simulation has one that talks to a cluster in memory.
 *
 * Errors: a broker's response, good or bad, is a value (`errorCode`). A promise rejects with
 * - a `NetworkFailure` when there is no response that can be read: the connection broke or the request timed out, and nobody
 *   knows what the broker did;
 * - an `AuthenticationError` when a broker refused the credentials or a TLS handshake failed: a retry would fail as well;
 * - an `UnsupportedVersionError` when the broker is too old for the request. It was not sent.
 */

export interface NetworkClient {
  /**
   * The cluster, and the given topics (none: only the brokers). Unknown topics come back with their error code. The first broker
   * that refuses this client ends it, even if others have not been asked yet: Java's NetworkClient reports that as a fatal
   * error of the metadata. While every broker that refused or failed is in its reconnect backoff, it rejects at once.
   */
  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata>;
  /**
   * A new producer id with epoch 0; Java's idempotent producer raises its epoch by itself. Rejects as `fetchMetadata` does.
   * Error 14 (COORDINATOR_LOAD_IN_PROGRESS) is usual on a broker that has just started: retry after a while.
   */
  initProducerId(): Promise<ProducerIdResponse>;
  /**
   * Sends at once; several requests to one node may be in flight, and are written in the order of the calls. acks=0 resolves
   * on write, with base offset -1 for every batch. A request that times out takes its connection with it, as in Java, so that
   * whatever else was in flight fails too. Once the promise has settled, nobody reads the batches' bytes any more.
   */
  produce(nodeId: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse>;
  /**
   * Whether a request to this node could be written now: connected, not throttled, and fewer than the allowed requests in
   * flight. Without a connection the question itself starts an attempt, unless the last one failed less than the backoff ago.
   */
  ready(nodeId: number): boolean;
  /**
   * Called whenever `ready()` may have become true, an attempt to connect has failed (`authenticationError()` may say why), or
   * the backoff after one is over: look again. One listener.
   */
  onReadyChange(listener: () => void): void;
  /**
   * Why the last attempt to connect to this node failed, if the credentials or the TLS handshake were refused; null otherwise,
   * and again null once an attempt has succeeded. Java's `KafkaClient.authenticationException`.
   */
  authenticationError(nodeId: number): AuthenticationError | null;
  close(): Promise<void>;
}

/** No response: the connection could not be made, broke, or the request timed out. Always worth a retry. */
export class NetworkFailure extends Error {
  override readonly name: string = 'NetworkFailure';
}

import type { ProduceRequest, RecordError } from '../protocol/messages';

/** The requests of a producer. */
export type RequestKind = 'produce' | 'metadata' | 'init-producer-id';

/** One request on its way to a broker, as a fault hook sees it. */
export interface SimulatedRequest {
  /** From 1, over all clients of the cluster and all kinds of requests, in the order in which they were sent. */
  readonly number: number;
  /** From 1, among the requests of this kind. */
  readonly numberOfKind: number;
  readonly kind: RequestKind;
  readonly clientId: string;
  /** Broker id. */
  readonly node: number;
  /** null for other kinds. */
  readonly produce: ProduceRequest | null;
  /** The topics that are written or asked for. */
  readonly topics: readonly string[];
}

/** What is wrong with a response. */
export type MalformedResponse =
  /** Its bytes cannot be decoded: the client gives the connection up. */
  | 'unreadable'
  /** Produce: the last partition is left out. Metadata: the last topic is left out. */
  | 'incomplete'
  /** Produce: there is a partition that the request did not name. Metadata: there is a topic that nobody asked for. */
  | 'foreign'
  /** Produce: success, but without an offset. Metadata: no brokers. */
  | 'empty';

/** What goes wrong with one request. */
export type SimulatedFault =
  /** It, or its response, is late by so many milliseconds, and so is everything behind it on the connection. */
  | { readonly kind: 'delay'; readonly requestMs?: number; readonly responseMs?: number }
  /** The connection breaks when the broker should have got the request. Nothing of it is processed. */
  | { readonly kind: 'request-lost' }
  /** The broker processes the request, and the connection breaks before the response: the case that idempotence is for. */
  | { readonly kind: 'response-lost' }
  /** The connection breaks the moment the request is written, and takes everything that is on its way with it. */
  | { readonly kind: 'connection-closed' }
  /** There is no response, and the connection stays: the request times out. Whatever is behind it waits, too. */
  | { readonly kind: 'no-response'; readonly processed: boolean }
  /**
   * The broker refuses with this code. Produce: the batches of `partitions` (default: all), which are written all the same if
   * `written` (default: only for REQUEST_TIMED_OUT and NOT_ENOUGH_REPLICAS_AFTER_APPEND, as in Kafka); the others pass.
   */
  | {
      readonly kind: 'error';
      readonly errorCode: number;
      readonly errorMessage?: string | null;
      readonly recordErrors?: readonly RecordError[];
      readonly partitions?: readonly number[];
      readonly written?: boolean;
    }
  | { readonly kind: 'malformed'; readonly how: MalformedResponse };

/** Decides about each request when it is sent; null lets it pass. */
export type FaultHook = (request: SimulatedRequest) => SimulatedFault | null;

import { Buffer } from 'node:buffer';
import type { NetworkClient } from '../network/network-client';
import type { AuthenticationError } from '../protocol/errors';
import type {
  ClusterMetadata,
  CurrentLeader,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../protocol/messages';
import type { Clock } from '../support/clock';
import type { ObservedLookup, ObservedRequest, ProducerRecord } from './run-record';

/** No code of Kafka's. */
export const LEFT_OUT = -2;

/** Passes everything through, and keeps what was asked of the network, when, and what came of it. */
export class ObservedNetworkClient implements NetworkClient {
  readonly #client: NetworkClient;
  readonly #clock: Clock;
  readonly #nextOrder: () => number;
  readonly #record: ProducerRecord;
  readonly #inFlight = new Map<number, number>();
  readonly #leaders = new Map<string, string>();
  readonly #topicIds = new Map<string, string>();
  /** Calls that have not settled, of all kinds. */
  outstanding = 0;
  /** When the last call settled. */
  lastSettledMs: number;

  constructor(client: NetworkClient, clock: Clock, nextOrder: () => number, record: ProducerRecord) {
    this.#client = client;
    this.#clock = clock;
    this.#nextOrder = nextOrder;
    this.#record = record;
    this.lastSettledMs = clock.now();
  }

  produce(node: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse> {
    const inFlight = (this.#inFlight.get(node) ?? 0) + 1;
    this.#inFlight.set(node, inFlight);
    const observed: ObservedRequest = {
      number: this.#record.requests.length + 1,
      node,
      order: this.#nextOrder(),
      sentMs: this.#clock.now(),
      inFlight,
      batches: request.batches.map(({ topic, partition, bytes }) => {
        return { topic, partition, bytes: Buffer.from(bytes), touched: false };
      }),
      settledMs: null,
      settledOrder: 0,
      errorCodes: null,
      failure: null,
    };
    this.#record.requests.push(observed);
    const settled = () => {
      observed.settledMs = this.#clock.now();
      observed.settledOrder = this.#nextOrder();
      this.#inFlight.set(node, this.#inFlight.get(node)! - 1);
      request.batches.forEach(({ bytes }, index) => {
        const batch = observed.batches[index]!;
        batch.touched = !batch.bytes.equals(bytes);
      });
    };
    return this.#watch(
      this.#client.produce(node, request, requestTimeoutMs),
      (response) => {
        settled();
        observed.errorCodes = request.batches.map(
          ({ topic, partition }) =>
            response.partitions.find((one) => one.topic === topic && one.partition === partition)
              ?.errorCode ?? LEFT_OUT,
        );
        for (const { topic, partition, currentLeader } of response.partitions)
          if (currentLeader != null) this.#learn(topic, partition, currentLeader);
      },
      (failure) => {
        settled();
        observed.failure = failure;
      },
    );
  }

  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const lookup = this.#lookup('metadata', topics);
    return this.#watchLookup(lookup, this.#client.fetchMetadata(topics), (response) => {
      for (const { topic, topicId, partitions } of response.topics)
        for (const one of partitions) this.#learn(topic, one.partition, one, topicId ?? undefined);
      return response.topics.map(({ errorCode }) => errorCode).filter((code) => code !== 0);
    });
  }

  initProducerId(): Promise<ProducerIdResponse> {
    const lookup = this.#lookup('init-producer-id', []);
    return this.#watchLookup(lookup, this.#client.initProducerId(), ({ errorCode }) =>
      errorCode === 0 ? [] : [errorCode],
    );
  }

  ready(node: number): boolean {
    return this.#client.ready(node);
  }

  onReadyChange(listener: () => void): void {
    this.#client.onReadyChange(listener);
  }

  authenticationError(node: number): AuthenticationError | null {
    return this.#client.authenticationError(node);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** A topic that was recreated has another id, and so other leaders. */
  #learn(
    topic: string,
    partition: number,
    { leader, leaderEpoch }: CurrentLeader,
    topicId = this.#topicIds.get(topic),
  ): void {
    if (topicId !== undefined) this.#topicIds.set(topic, topicId);
    const place = `${topic}-${partition}`;
    const now = `${leader} ${leaderEpoch} ${topicId}`;
    if (this.#leaders.get(place) === now) return;
    this.#leaders.set(place, now);
    this.#record.leaderNews.push({ atMs: this.#clock.now(), topic, partition });
  }

  #lookup(kind: ObservedLookup['kind'], topics: readonly string[]): ObservedLookup {
    const lookup: ObservedLookup = {
      kind,
      sentMs: this.#clock.now(),
      topics: [...topics],
      settledMs: null,
      settledOrder: 0,
      errorCodes: [],
      failure: null,
    };
    this.#record.lookups.push(lookup);
    return lookup;
  }

  #watchLookup<T>(
    lookup: ObservedLookup,
    response: Promise<T>,
    errorCodes: (value: T) => readonly number[],
  ): Promise<T> {
    return this.#watch(
      response,
      (value) => {
        lookup.settledMs = this.#clock.now();
        lookup.settledOrder = this.#nextOrder();
        lookup.errorCodes = errorCodes(value);
      },
      (failure) => {
        lookup.settledMs = this.#clock.now();
        lookup.settledOrder = this.#nextOrder();
        lookup.failure = failure;
      },
    );
  }

  /** The producer is told after what was seen has been noted. */
  #watch<T>(
    response: Promise<T>,
    resolved: (value: T) => void,
    failed: (message: string) => void,
  ): Promise<T> {
    this.outstanding++;
    const settled = () => {
      this.outstanding--;
      this.lastSettledMs = this.#clock.now();
    };
    return response.then(
      (value) => {
        settled();
        resolved(value);
        return value;
      },
      (error: unknown) => {
        settled();
        failed(error instanceof Error ? error.message : String(error));
        throw error;
      },
    );
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { KafkaJsNetworkClient } from '../../../../src/network/kafkajs-network-client';
import type { ProduceRequest, ProduceResponse } from '../../../../src/protocol/messages';

export interface SlowNetworkOptions {
  readonly bootstrapServers: string;
  readonly connection: object;
  /** How long the broker seems to take for each Produce request; the next one waits behind it. */
  readonly requestTakesMs: number;
}

/** The producer's usual connections to a broker that takes one request at a time, and its time for each. */
export class SlowNetwork extends KafkaJsNetworkClient {
  readonly #requestTakesMs: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ bootstrapServers, connection, requestTakesMs }: SlowNetworkOptions) {
    super({
      ...connection,
      bootstrapServers,
      clientId: 'course-slow',
      requestTimeoutMs: 30_000,
      maxInFlightRequestsPerConnection: 5,
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 500,
      socketConnectionSetupTimeoutMs: 10_000,
    });
    this.#requestTakesMs = requestTakesMs;
  }

  override async produce(
    nodeId: number,
    request: ProduceRequest,
    requestTimeoutMs: number,
  ): Promise<ProduceResponse> {
    const turn = this.#last.then(() => delay(this.#requestTakesMs));
    this.#last = turn;
    await turn;
    return super.produce(nodeId, request, requestTimeoutMs);
  }
}

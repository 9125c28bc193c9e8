import { KafkaJsNetworkClient } from '../../../../src/network/kafkajs-network-client';
import { NetworkFailure } from '../../../../src/network/network-client';
import type { ProduceRequest, ProduceResponse } from '../../../../src/protocol/messages';

export interface ForgetfulNetworkOptions {
  readonly bootstrapServers: string;
  readonly connection: object;
  /** Each Produce request whose number is a multiple of this: the broker writes it, and its answer gets lost. */
  readonly loseEvery: number;
}

/**
 * The producer's usual connections, except that some acknowledgements never arrive. With one of them all are lost that were
 * still on their way, as when a connection breaks: answers come in order, so none can arrive behind a lost one.
 */
export class ForgetfulNetwork extends KafkaJsNetworkClient {
  readonly #loseEvery: number;
  #requests = 0;
  #breaks = 0;

  constructor({ bootstrapServers, connection, loseEvery }: ForgetfulNetworkOptions) {
    super({
      ...connection,
      bootstrapServers,
      clientId: 'course-forgetful',
      requestTimeoutMs: 5_000,
      maxInFlightRequestsPerConnection: 5,
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 500,
      socketConnectionSetupTimeoutMs: 5_000,
    });
    this.#loseEvery = loseEvery;
  }

  override async produce(
    nodeId: number,
    request: ProduceRequest,
    requestTimeoutMs: number,
  ): Promise<ProduceResponse> {
    const number = ++this.#requests;
    const breaksBefore = this.#breaks;
    const response = await super.produce(nodeId, request, requestTimeoutMs);
    if (this.#breaks === breaksBefore && number % this.#loseEvery !== 0) return response;
    if (this.#breaks === breaksBefore) this.#breaks += 1;
    throw new NetworkFailure('The acknowledgement got lost on its way back.');
  }
}

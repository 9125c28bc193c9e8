import { NetworkFailure } from '../../network/network-client';
import type { NetworkClient } from '../../network/network-client';
import { errorForCode } from '../../protocol/error-codes';
import { KafkaError } from '../../protocol/errors';
import type { ProducerIdResponse } from '../../protocol/messages';
import type { Clock } from '../../support/clock';
import type { TraceListener } from '../../trace/trace-event';
import { textOf } from '../user-code';
import type { ExponentialBackoff } from './exponential-backoff';
import type { Idempotence } from './idempotence';

export interface ProducerIdRequesterOptions {
  readonly idempotence: Idempotence;
  readonly network: NetworkClient;
  readonly clock: Clock;
  readonly retryBackoff: ExponentialBackoff;
  /** The shortest pause after a failed request, in ms: no connection can be made sooner. */
  readonly pauseAfterFailureMs: number;
  readonly trace: TraceListener | null;
  /** Takes what is to be done with a response, for the sender's next step. */
  readonly onResponse: (handle: () => void) => void;
}

/** Gets the producer's id from a broker: the InitProducerId half of Java's Sender. */
export class ProducerIdRequester {
  readonly #options: ProducerIdRequesterOptions;
  #isUnderWay = false;
  #attempts = 0;
  #nextAttemptMs = -Infinity;

  constructor(options: ProducerIdRequesterOptions) {
    this.#options = options;
  }

  /** Returns the milliseconds after which to call it again at the latest; a response makes that earlier. */
  requestIfMissing(nowMs: number): number {
    const { idempotence, network, onResponse } = this.#options;
    if (idempotence.hasProducerId || this.#isUnderWay) return Number.MAX_SAFE_INTEGER;
    const waitMs = this.#nextAttemptMs - nowMs;
    if (waitMs > 0) return waitMs;
    this.#isUnderWay = true;
    network.initProducerId().then(
      (response) => onResponse(() => this.#arrived(response)),
      (error: unknown) => onResponse(() => this.#failed(error)),
    );
    return Number.MAX_SAFE_INTEGER;
  }

  traceProducerId(reason: 'assigned' | 'bumped'): void {
    const { trace, clock, idempotence } = this.#options;
    const { producerId, producerEpoch } = idempotence;
    trace?.({ stage: 'producer-id', atMs: clock.now(), producerId, producerEpoch, reason });
  }

  #arrived(response: ProducerIdResponse): void {
    this.#isUnderWay = false;
    if (response.errorCode === 0) {
      // Not an id, although the response says no error: taken as one, it would be requested again without a pause.
      if (response.producerId < 0n) return this.#retryLater();
      this.#attempts = 0;
      this.#options.idempotence.setProducerId(response.producerId, response.producerEpoch);
      this.traceProducerId('assigned');
      return;
    }
    const error = errorForCode(response.errorCode, 'The request for a producer id');
    if (error.retriable) this.#retryLater();
    else this.#options.idempotence.fail(error);
  }

  #failed(error: unknown): void {
    this.#isUnderWay = false;
    if (error instanceof NetworkFailure) this.#retryLater();
    else this.#options.idempotence.fail(error instanceof Error ? error : new KafkaError(textOf(error)));
  }

  #retryLater(): void {
    const { clock, retryBackoff, pauseAfterFailureMs } = this.#options;
    const backoffMs = retryBackoff.backoffMs(this.#attempts++);
    this.#nextAttemptMs = clock.now() + Math.max(backoffMs, pauseAfterFailureMs);
  }
}

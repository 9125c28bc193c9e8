import type { ProducerBatch } from './producer-batch';

/** Every batch that was opened and is not finished yet, wherever it is: in a queue, in flight, or waiting for a retry. */
export class IncompleteBatches {
  readonly #batches = new Set<ProducerBatch>();

  add(batch: ProducerBatch): void {
    this.#batches.add(batch);
  }

  remove(batch: ProducerBatch): void {
    this.#batches.delete(batch);
  }

  get size(): number {
    return this.#batches.size;
  }

  /** As of now: what is added later is not in it. */
  snapshot(): ProducerBatch[] {
    return [...this.#batches];
  }
}

import type { CompressionType } from './compression';

/** How far the estimate moves at most at a time: down slowly, up fast, since a batch that is too large is refused (J-07). */
const IMPROVING_STEP = 0.005;
const DETERIORATE_STEP = 0.05;
const INITIAL_RATIO = 1;

/**
 * How well each topic compresses: `org.apache.kafka.common.record.CompressionRatioEstimator`. A batch cannot know the size
 * of its compressed records before it is closed; how many more fit is reckoned with what the last batches reached.
 */
export class CompressionRatioEstimator {
  readonly #ratios = new Map<string, Map<CompressionType, number>>();

  estimation(topic: string, type: CompressionType): number {
    return this.#ratios.get(topic)?.get(type) ?? INITIAL_RATIO;
  }

  /** Takes what a closed batch reached (compressed / uncompressed) into account. Returns the new estimate. */
  updateEstimation(topic: string, type: CompressionType, observedRatio: number): number {
    const current = this.estimation(topic, type);
    let next = current;
    if (observedRatio > current) next = Math.max(current + DETERIORATE_STEP, observedRatio);
    else if (observedRatio < current) next = Math.max(current - IMPROVING_STEP, observedRatio);
    this.#set(topic, type, next);
    return next;
  }

  /** After a split, which says that the estimate was too low, Java starts again from max(1, observed). */
  resetEstimation(topic: string, type: CompressionType, observedRatio: number): void {
    this.#set(topic, type, Math.max(INITIAL_RATIO, observedRatio));
  }

  #set(topic: string, type: CompressionType, ratio: number): void {
    let ofTopic = this.#ratios.get(topic);
    if (ofTopic === undefined) this.#ratios.set(topic, (ofTopic = new Map<CompressionType, number>()));
    ofTopic.set(type, ratio);
  }
}

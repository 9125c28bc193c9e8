import type { Cluster } from '../partitioner';

/** The partition that keyless records of a topic go to at the moment, and how many bytes went there. */
export class StickyPartition {
  producedBytes = 0;
  constructor(readonly partition: number) {}
}

interface LoadStats {
  /** Running sums of weights: partition i is drawn for numbers below cumulative[i] and not below its predecessor. */
  readonly cumulative: readonly number[];
  readonly partitions: readonly number[];
}

/**
 * KIP-794: keyless records stay with one partition until `batch.size` bytes went there, then one is drawn anew, slow
 * partitions (long queues) more rarely. Java's BuiltInPartitioner; one per topic.
 *
 * The KIP-480 predecessor switched whenever a batch went out. A slow broker's batches go out late and full, so most
 * records went to the slowest broker; counting bytes instead ends that.
 */
export class BuiltInPartitioner {
  #current: StickyPartition | null = null;
  #loadStats: LoadStats | null = null;

  /** @param random in [0, 1), as Math.random */
  constructor(
    readonly topic: string,
    readonly stickyBatchSize: number,
    private readonly random: () => number,
  ) {
    if (stickyBatchSize < 1) {
      throw new RangeError(`The sticky batch size must be 1 or more, not ${stickyBatchSize}.`);
    }
  }

  /** For the next keyless record. The same object is returned until the partition changes. */
  current(cluster: Cluster): StickyPartition {
    return (this.#current ??= new StickyPartition(this.nextPartition(cluster)));
  }

  isCurrent(sticky: StickyPartition): boolean {
    return this.#current === sticky;
  }

  /**
   * Counts what was appended, and moves on once enough has been. `maySwitch` is false while the last batch still has room:
   * leaving then would send it out part-filled. At twice the size there is no more waiting.
   */
  update(sticky: StickyPartition, appendedBytes: number, cluster: Cluster, maySwitch: boolean): void {
    sticky.producedBytes += appendedBytes;
    const enough = sticky.producedBytes >= this.stickyBatchSize && maySwitch;
    if (enough || sticky.producedBytes >= 2 * this.stickyBatchSize) {
      this.#current = new StickyPartition(this.nextPartition(cluster));
    }
  }

  /** Draws a partition: weighted by load if that is known, else any that has a leader, else any. */
  nextPartition(cluster: Cluster): number {
    if (this.#loadStats !== null) return this.#weightedPartition(this.#loadStats);
    const available = cluster.availablePartitionsForTopic(this.topic);
    const candidates = available.length > 0 ? available : cluster.partitionsForTopic(this.topic);
    return candidates[this.#draw(candidates.length)]!.partition;
  }

  /**
   * Takes the lengths of the queues, one per partition in `partitions`, as the sender sees them. The weight of a partition
   * is longest + 1 - own length. `excluded`: partitions were left out, because their broker takes nothing at the moment.
   */
  updateLoadStats(queueSizes: readonly number[], partitions: readonly number[], excluded: boolean): void {
    const longest = Math.max(...queueSizes);
    const allEqual = queueSizes.every((size) => size === longest);
    const total = queueSizes.length;
    if (total === 0 || (total < 2 && !excluded) || (allEqual && !excluded)) {
      this.#loadStats = null;
      return;
    }
    let sum = 0;
    const cumulative = queueSizes.map((size) => (sum += longest + 1 - size));
    this.#loadStats = { cumulative, partitions };
  }

  clearLoadStats(): void {
    this.#loadStats = null;
  }

  /** For tests and charts: the table that adaptive draws use, or null while every draw is uniform. */
  get cumulativeWeights(): readonly number[] | null {
    return this.#loadStats?.cumulative ?? null;
  }

  #weightedPartition({ cumulative, partitions }: LoadStats): number {
    const drawn = this.#draw(cumulative[cumulative.length - 1]!);
    // The first sum strictly above the number drawn. Tables are short, so a scan is as good as a search.
    let index = 0;
    while (cumulative[index]! <= drawn) index++;
    return partitions[index]!;
  }

  #draw(below: number): number {
    return Math.floor(this.random() * below);
  }
}

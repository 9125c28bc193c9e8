import type { PartitionState } from './partition-state';
import type { SimulatedPartitionLog } from './simulated-partition-log';

/** A broker's copy of a partition, and what the broker believes to be in it: leader or follower, since which epoch. */
export class SimulatedReplica {
  /** As the broker has heard of it; null before it has heard anything. */
  state: PartitionState | null = null;
  /** As leader: how many of its batches all replicas in sync have, Kafka's high watermark. */
  committed = 0;
  /** A fetch from the leader is under way. */
  fetching = false;

  constructor(
    readonly node: number,
    readonly log: SimulatedPartitionLog,
  ) {}

  get isLeader(): boolean {
    return this.state?.leader === this.node;
  }

  get leaderEpoch(): number {
    return this.state?.leaderEpoch ?? -1;
  }

  isFollowerOf(leader: SimulatedReplica): boolean {
    return !this.isLeader && this.state?.leader === leader.node && this.leaderEpoch === leader.leaderEpoch;
  }

  /** How many batches, from the beginning, both have. */
  commonBatches(other: SimulatedReplica): number {
    const mine = this.log.batches;
    const theirs = other.log.batches;
    // Mostly one log is the other's beginning, and then its last batch tells.
    const shorter = Math.min(mine.length, theirs.length);
    if (shorter === 0 || mine[shorter - 1] === theirs[shorter - 1]) return shorter;
    let common = 0;
    while (common < shorter && mine[common] === theirs[common]) common++;
    return common;
  }
}

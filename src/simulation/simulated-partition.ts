import type { Acks } from '../protocol/messages';
import type { Clock } from '../support/clock';
import { Code } from './batch-refusal';
import {
  ledBy,
  newPartitionState,
  NO_LEADER,
  withBrokerBack,
  withInSync,
  withoutBroker,
  withoutTrust,
} from './partition-state';
import type { ElectionRules, PartitionState } from './partition-state';
import { REFUSED } from './simulated-partition-log';
import type { AppendResult } from './simulated-partition-log';
import type { SimulatedReplica } from './simulated-replica';
import type { StoredBatch } from './stored-batch';
import type { TopicSettings } from './topic-settings';

/** What a partition asks of the cluster that it is in. */
export interface PartitionSurroundings {
  readonly clock: Clock;
  readonly settings: () => TopicSettings;
  /** Runs, and its replication is not paused. */
  readonly canFetch: (node: number) => boolean;
  readonly isRunning: (node: number) => boolean;
  /** Whether the controller takes the broker to be alive. It notices a killed broker late. */
  readonly isAlive: (node: number) => boolean;
  readonly replicationMs: (node: number) => number;
  /** Within this time a follower has to catch up, or it is in sync no more. */
  readonly replicaLagTimeMaxMs: number;
  readonly newReplica: (node: number) => SimulatedReplica;
  /** The controller has decided; the brokers have yet to hear of it. */
  readonly onStateChange: (reason: 'leader' | 'replicas') => void;
  /** Batches that a leader wrote, and that no leader has from now on. */
  readonly onLost: (node: number, batches: readonly StoredBatch[], reason: LossReason) => void;
}

export type LossReason = 'leader-changed' | 'topic-deleted';

/** A Produce request with acks=all that waits for the followers: Kafka's DelayedProduce. */
interface Waiting {
  readonly node: number;
  /** How many of the leader's batches the followers must have. */
  readonly batchCount: number;
  readonly done: (errorCode: number) => void;
}

/** A partition: its replicas, who leads it, who is in sync, and who waits for that. `kafka.cluster.Partition` and its controller. */
export class SimulatedPartition {
  readonly replicas = new Map<number, SimulatedReplica>();
  readonly #around: PartitionSurroundings;
  readonly #waiting = new Set<Waiting>();
  /** Followers in sync that are behind; each ends the time in which it has to catch up. */
  readonly #lagging = new Map<number, () => void>();
  #state: PartitionState;
  #lastLeader: number;
  #deleted = false;

  constructor(nodes: readonly number[], around: PartitionSurroundings) {
    this.#around = around;
    for (const node of nodes) this.replicas.set(node, around.newReplica(node));
    this.#state = newPartitionState(nodes, around.isAlive);
    this.#lastLeader = this.#state.leader === NO_LEADER ? nodes[0]! : this.#state.leader;
  }

  /** As the controller has it. */
  get state(): PartitionState {
    return this.#state;
  }

  /** The leader's replica, or that of the last leader while there is none. */
  get leading(): SimulatedReplica {
    return this.replicas.get(this.#lastLeader)!;
  }

  // ---- what brokers do -----------------------------------------------------------------------------------------------

  /** The broker hears what the controller has decided, and becomes leader or follower. */
  learn(node: number, state: PartitionState): void {
    const replica = this.replicas.get(node);
    if (replica === undefined || state.leaderEpoch < replica.leaderEpoch) return;
    if (state.replicas.includes(node)) replica.state = state;
    else this.replicas.delete(node);
    this.#replicate();
    this.#answerWaiting();
  }

  append(node: number, bytes: Buffer, acks: Acks): AppendResult {
    const replica = this.replicas.get(node);
    if (replica?.isLeader !== true) return refused(Code.NOT_LEADER_OR_FOLLOWER, 'Leader not local');
    if (acks === -1 && this.#inSyncFor(replica).length < this.#minInSync()) {
      return refused(Code.NOT_ENOUGH_REPLICAS, `In sync: ${this.#inSyncFor(replica).join(', ')}`);
    }
    const result = replica.log.appendAsLeader(bytes, replica.leaderEpoch);
    if (result.batch === null) return result;
    if (this.#deleted) this.#around.onLost(node, [result.batch], 'topic-deleted');
    this.#replicate();
    return result;
  }

  /** Calls `done` once all replicas in sync have everything up to this offset, or something has come in between; returns what ends the wait. */
  awaitReplication(node: number, lastOffset: number, done: (errorCode: number) => void): () => void {
    const batches = this.replicas.get(node)?.log.batches ?? [];
    let batchCount = batches.length;
    while (batchCount > 1 && batches[batchCount - 2]!.lastOffset >= lastOffset) batchCount--;
    const waiting = { node, batchCount, done };
    this.#waiting.add(waiting);
    this.#answerWaiting();
    return () => this.#waiting.delete(waiting);
  }

  /** A broker fetches again, or has just started. */
  resume(): void {
    this.#replicate();
  }

  // ---- what the controller does --------------------------------------------------------------------------------------

  /** The broker is gone for the controller. */
  brokerStopped(node: number): void {
    this.#decide(withoutBroker(this.#state, node, this.#rules));
  }

  /** What waited on it ends; nobody is told, because its connections are gone. */
  dropWaiting(node: number): void {
    this.#endWaiting(node, Code.NOT_LEADER_OR_FOLLOWER);
  }

  brokerStarted(node: number, { wasKilled }: { wasKilled: boolean }): void {
    const trusted = wasKilled ? withoutTrust(this.#state, node) : this.#state;
    this.#decide(withBrokerBack(trusted, this.#rules));
  }

  /**
   * An election. A broker that has no replica gets a whole one first; one that is out of sync leads only if `unclean`.
   * Returns whether there was anything to do and it was possible.
   */
  moveLeader(leader: number, { unclean = false }: { unclean?: boolean } = {}): boolean {
    if (leader === this.#state.leader) return false;
    if (leader !== NO_LEADER) {
      if (!this.#around.isRunning(leader)) return false;
      if (!this.replicas.has(leader)) this.#reassign(leader);
    }
    const { inSyncReplicas } = this.#state;
    const inSync = leader === NO_LEADER || inSyncReplicas.includes(leader);
    if (!inSync && !unclean) return false;
    this.#decide(ledBy(this.#state, leader, inSync ? inSyncReplicas : [leader]));
    return true;
  }

  delete(): void {
    this.#deleted = true;
    const { node, log } = this.leading;
    this.#around.onLost(node, log.batches, 'topic-deleted');
  }

  /** The broker hears that the topic is gone: whoever waits there hears of it, too. */
  learnDeletion(node: number): void {
    this.#endWaiting(node, Code.UNKNOWN_TOPIC_OR_PARTITION);
  }

  #endWaiting(node: number, errorCode: number): void {
    for (const waiting of [...this.#waiting]) {
      if (waiting.node === node && this.#waiting.delete(waiting)) waiting.done(errorCode);
    }
  }

  // ---- replication ---------------------------------------------------------------------------------------------------

  #replicate(): void {
    for (const follower of this.replicas.values()) this.#fetchLater(follower);
  }

  #fetchLater(follower: SimulatedReplica): void {
    this.#watchLag(follower);
    if (follower.fetching || this.#leaderOf(follower) === null) return;
    const afterMs = this.#around.replicationMs(follower.node);
    if (afterMs <= 0) return this.#fetch(follower);
    follower.fetching = true;
    this.#around.clock.after(afterMs, () => {
      follower.fetching = false;
      this.#fetch(follower);
    });
  }

  /** replica.lag.time.max.ms: a follower that does not catch up within it is in sync no more. */
  #watchLag(follower: SimulatedReplica): void {
    const { node } = follower;
    const { leader, inSyncReplicas } = this.#state;
    const leading = this.replicas.get(leader);
    if (this.#lagging.has(node) || leading === undefined || leading === follower) return;
    if (!inSyncReplicas.includes(node) || follower.commonBatches(leading) === leading.log.batches.length)
      return;
    const end = this.#around.clock.after(this.#around.replicaLagTimeMaxMs, () => {
      this.#lagging.delete(node);
      const { inSyncReplicas: inSync } = this.#state;
      if (
        !inSync.includes(node) ||
        this.#state.leader === node ||
        follower.commonBatches(this.leading) === this.leading.log.batches.length
      )
        return;
      this.#decide(
        withInSync(
          this.#state,
          inSync.filter((one) => one !== node),
          this.#rules,
        ),
      );
    });
    this.#lagging.set(node, () => {
      end();
      this.#lagging.delete(node);
    });
  }

  /** Everything that the leader has; first of all, what it does not have is cut off. */
  #fetch(follower: SimulatedReplica): void {
    const leader = this.#leaderOf(follower);
    if (leader === null) return;
    const common = follower.commonBatches(leader);
    const cutOff = follower.log.truncateTo(common);
    if (cutOff.length > 0) this.#around.onLost(follower.node, cutOff, 'leader-changed');
    for (const batch of leader.log.batches.slice(common)) follower.log.appendAsFollower(batch);
    this.#lagging.get(follower.node)?.();
    const { inSyncReplicas, leader: leading } = this.#state;
    if (leading === leader.node && !inSyncReplicas.includes(follower.node)) {
      this.#decide(withInSync(this.#state, [...inSyncReplicas, follower.node], this.#rules));
    }
    this.#answerWaiting();
  }

  /** Whom it can fetch from now, if there is anything to fetch; null otherwise. */
  #leaderOf(follower: SimulatedReplica): SimulatedReplica | null {
    const { canFetch, isRunning } = this.#around;
    const leader = this.replicas.get(follower.state?.leader ?? NO_LEADER);
    if (leader === undefined || !leader.isLeader || !follower.isFollowerOf(leader)) return null;
    if (!canFetch(follower.node) || !isRunning(leader.node)) return null;
    const inSync = this.#state.inSyncReplicas.includes(follower.node);
    const same = follower.log.batches.length === leader.log.batches.length;
    return inSync && same && follower.commonBatches(leader) === leader.log.batches.length ? null : leader;
  }

  #answerWaiting(): void {
    for (const waiting of [...this.#waiting]) {
      const errorCode = this.#outcome(waiting);
      if (errorCode !== null && this.#waiting.delete(waiting)) waiting.done(errorCode);
    }
  }

  /** null: not yet. `Partition.checkEnoughReplicasReachOffset`. */
  #outcome({ node, batchCount }: Waiting): number | null {
    const leader = this.replicas.get(node);
    if (leader?.isLeader !== true) return Code.NOT_LEADER_OR_FOLLOWER;
    const inSync = this.#inSyncFor(leader);
    const enough = inSync.length >= this.#minInSync();
    if (enough) leader.committed = Math.max(leader.committed, this.#replicated(leader, inSync));
    if (leader.committed < batchCount) return null;
    return enough ? Code.NONE : Code.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
  }

  /** How many of the leader's batches all of these have. */
  #replicated(leader: SimulatedReplica, inSync: readonly number[]): number {
    const counts = inSync.map((node) => {
      const replica = this.replicas.get(node);
      if (replica === leader) return leader.log.batches.length;
      return replica?.isFollowerOf(leader) === true ? replica.commonBatches(leader) : 0;
    });
    return Math.min(...counts);
  }

  /** A leader decides itself who is in sync; one that has been replaced and does not know it goes by what it last knew. */
  #inSyncFor(leader: SimulatedReplica): readonly number[] {
    const current = leader.node === this.#state.leader ? this.#state : leader.state;
    return (current ?? this.#state).inSyncReplicas;
  }

  #minInSync(): number {
    return Math.min(this.#around.settings().minInsyncReplicas, this.#state.replicas.length);
  }

  // ---- decisions -----------------------------------------------------------------------------------------------------

  get #rules(): ElectionRules {
    const unclean = this.#around.settings().uncleanLeaderElection;
    return { isAlive: this.#around.isAlive, minInSync: this.#minInSync(), unclean };
  }

  #decide(state: PartitionState): void {
    if (state === this.#state) return;
    const elected = state.leaderEpoch !== this.#state.leaderEpoch;
    this.#state = state;
    for (const [node, end] of [...this.#lagging]) if (!state.inSyncReplicas.includes(node)) end();
    if (elected && state.leader !== NO_LEADER) {
      const before = this.leading;
      this.#lastLeader = state.leader;
      const lost = before.log.batches.slice(before.commonBatches(this.leading));
      if (lost.length > 0) this.#around.onLost(before.node, lost, 'leader-changed');
    }
    this.#around.onStateChange(elected ? 'leader' : 'replicas');
    this.#answerWaiting();
  }

  /** In the old leader's place, with all that it has. */
  #reassign(node: number): void {
    const { replicas, inSyncReplicas } = this.#state;
    const old = this.leading;
    const replica = this.#around.newReplica(node);
    replica.log.copyFrom(old.log);
    this.replicas.set(node, replica);
    const others = (nodes: readonly number[]) => [node, ...nodes.filter((one) => one !== old.node)];
    this.#state = { ...this.#state, replicas: others(replicas), inSyncReplicas: others(inSyncReplicas) };
  }
}

function refused(errorCode: number, why: string): AppendResult {
  return { ...REFUSED, errorCode, why, errorMessage: null, recordErrors: [] };
}

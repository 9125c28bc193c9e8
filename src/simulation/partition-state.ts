/** What the controller has decided about a partition. Never changed, only replaced, so that brokers can lag behind. */
export interface PartitionState {
  /** Broker id, or -1. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
  /** KIP-966: they have everything that was committed, and may lead once nobody is in sync any more. */
  readonly eligibleReplicas: readonly number[];
  /** Who led when the last replica in sync was gone; -1 while there is a leader. */
  readonly lastKnownLeader: number;
}

/** What a broker knows of a topic. */
export interface TopicState {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly PartitionState[];
}

export interface ElectionRules {
  readonly isAlive: (node: number) => boolean;
  readonly minInSync: number;
  /** unclean.leader.election.enable */
  readonly unclean: boolean;
}

export const NO_LEADER = -1;

/** A new partition: the first of its replicas that is alive leads it. */
export function newPartitionState(
  replicas: readonly number[],
  isAlive: (node: number) => boolean,
): PartitionState {
  const alive = replicas.filter(isAlive);
  const leader = alive[0] ?? NO_LEADER;
  return {
    leader,
    leaderEpoch: 0,
    replicas,
    inSyncReplicas: alive,
    eligibleReplicas: alive.length > 0 ? [] : replicas,
    // Kafka would refuse to create it. Here its first replica leads once that broker is back.
    lastKnownLeader: leader === NO_LEADER ? replicas[0]! : NO_LEADER,
  };
}

/** Other replicas are in sync: `PartitionChangeBuilder` of the KRaft controller, with eligible leader replicas (KIP-966). */
export function withInSync(
  state: PartitionState,
  inSyncReplicas: readonly number[],
  { minInSync }: Pick<ElectionRules, 'minInSync'>,
): PartitionState {
  const candidates = new Set([...state.eligibleReplicas, ...state.inSyncReplicas]);
  const eligibleReplicas =
    inSyncReplicas.length >= minInSync
      ? []
      : [...candidates].filter((node) => !inSyncReplicas.includes(node));
  return { ...state, inSyncReplicas, eligibleReplicas };
}

/** The broker is gone: it is in sync no more, and if it led, somebody else does. */
export function withoutBroker(state: PartitionState, node: number, rules: ElectionRules): PartitionState {
  const inSync = state.inSyncReplicas.filter((one) => one !== node);
  const shrunk = inSync.length === state.inSyncReplicas.length ? state : withInSync(state, inSync, rules);
  return state.leader === node ? elected(shrunk, rules) : shrunk;
}

/** A partition without a leader gets one, if the broker that has come back may lead it. */
export function withBrokerBack(state: PartitionState, rules: ElectionRules): PartitionState {
  return state.leader === NO_LEADER ? elected(state, rules) : state;
}

/** A broker that was not shut down cleanly may have lost what it had written: it has to fetch it again before it counts. */
export function withoutTrust(state: PartitionState, node: number): PartitionState {
  const others = (nodes: readonly number[]) => nodes.filter((one) => one !== node);
  return {
    ...state,
    inSyncReplicas: others(state.inSyncReplicas),
    eligibleReplicas: others(state.eligibleReplicas),
  };
}

/** This broker leads, whatever the others think. */
export function ledBy(
  state: PartitionState,
  leader: number,
  inSyncReplicas: readonly number[],
): PartitionState {
  return {
    ...state,
    leader,
    leaderEpoch: state.leaderEpoch + 1,
    inSyncReplicas,
    eligibleReplicas: state.eligibleReplicas.filter((node) => !inSyncReplicas.includes(node)),
    lastKnownLeader: leader === NO_LEADER ? state.leader : NO_LEADER,
  };
}

function elected(state: PartitionState, { isAlive, minInSync, unclean }: ElectionRules): PartitionState {
  const { replicas, inSyncReplicas, eligibleReplicas, lastKnownLeader } = state;
  const inSync = replicas.find((node) => inSyncReplicas.includes(node) && isAlive(node));
  if (inSync !== undefined) return ledBy(state, inSync, inSyncReplicas);

  const mayLead = inSyncReplicas.length === 0 ? eligibleReplicas : [];
  const eligible = replicas.find((node) => mayLead.includes(node) && isAlive(node));
  if (eligible !== undefined)
    return ledBy(withInSync(state, [eligible], { minInSync }), eligible, [eligible]);

  const nobody = inSyncReplicas.length === 0 && eligibleReplicas.length === 0;
  const known =
    nobody && lastKnownLeader !== NO_LEADER && isAlive(lastKnownLeader) ? lastKnownLeader : undefined;
  const anybody = unclean ? replicas.find((node) => isAlive(node)) : undefined;
  const last = known ?? anybody;
  if (last !== undefined) return { ...ledBy(state, last, [last]), eligibleReplicas: [] };
  return state.leader === NO_LEADER ? state : ledBy(state, NO_LEADER, inSyncReplicas);
}

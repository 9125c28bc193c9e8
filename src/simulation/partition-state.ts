/** What the controller has decided about a partition. Never changed, only replaced, so that brokers can lag behind. */
export interface PartitionState {
  /** Broker id, or -1. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

/** What a broker knows of a topic. */
export interface TopicState {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly PartitionState[];
}

export const NO_LEADER = -1;

import type { Clock } from '../support/clock';
import type { ClusterAction, RequestFault, Schedule, TopicPlan } from './schedule';
import type { SimulatedCluster } from './simulated-cluster';
import type { FaultHook, SimulatedRequest } from './simulated-request';

/** Sets timers for everything that a schedule does to its cluster. What makes no sense at its time does nothing. */
export function scheduleClusterEvents(
  schedule: Schedule,
  cluster: SimulatedCluster,
  clock: Clock,
  heard: (action: ClusterAction) => void,
): void {
  for (const topic of schedule.topics) {
    if (topic.createdAtMs !== undefined) clock.after(topic.createdAtMs, () => createTopic(cluster, topic));
  }
  for (const event of schedule.events) {
    clock.after(event.atMs, () => {
      const undo = apply(event, schedule, cluster);
      if (undo === IMPOSSIBLE) return;
      heard(event);
      if ('forMs' in event) clock.after(event.forMs, undo);
    });
  }
}

/** The first fault of the list that is meant for a request. */
export function faultHookOf(
  faults: readonly RequestFault[],
  heard: (fault: RequestFault, request: SimulatedRequest) => void,
): FaultHook {
  return (sent) => {
    const { kind, numberOfKind } = sent;
    const found = faults.find(
      ({ request, nth, times }) => request === kind && numberOfKind >= nth && numberOfKind < nth + times,
    );
    if (found === undefined) return null;
    heard(found, sent);
    return found.fault;
  };
}

export function createTopic(cluster: SimulatedCluster, { name, partitions, config }: TopicPlan): void {
  if (cluster.topicNames.includes(name)) return;
  cluster.createTopic({ name, partitions, ...(config === undefined ? {} : { config }) });
}

const IMPOSSIBLE = null;
const NOTHING_TO_UNDO = (): void => {};

/** Returns what undoes it. */
function apply(
  action: ClusterAction,
  schedule: Schedule,
  cluster: SimulatedCluster,
): (() => void) | typeof IMPOSSIBLE {
  const isRunning = (node: number) => cluster.runningBrokers.includes(node);
  const exists = (topic: string) => cluster.topicNames.includes(topic);
  switch (action.kind) {
    case 'stop-broker':
      if (!isRunning(action.node)) return IMPOSSIBLE;
      cluster.stopBroker(action.node);
      return () => {
        if (!isRunning(action.node)) cluster.startBroker(action.node);
      };
    case 'move-leader': {
      const { topic, partition, node } = action;
      if (!exists(topic) || partition >= cluster.partitionCount(topic) || !isRunning(node)) return IMPOSSIBLE;
      cluster.moveLeader(topic, partition, node);
      return NOTHING_TO_UNDO;
    }
    case 'pause-replication':
      cluster.setReplication(action.node, 'paused');
      return () => cluster.setReplication(action.node, 'running');
    case 'close-connections':
      cluster.closeConnections(action.node);
      return NOTHING_TO_UNDO;
    case 'add-partitions':
      if (!exists(action.topic) || cluster.partitionCount(action.topic) >= action.partitions)
        return IMPOSSIBLE;
      cluster.addPartitions(action.topic, action.partitions);
      return NOTHING_TO_UNDO;
    case 'recreate-topic': {
      const plan = schedule.topics.find(({ name }) => name === action.topic);
      if (plan === undefined || !exists(action.topic)) return IMPOSSIBLE;
      cluster.deleteTopic(action.topic);
      return () => createTopic(cluster, plan);
    }
    case 'revoke-credentials':
      cluster.setCredentials('revoked');
      return () => cluster.setCredentials('valid');
    case 'refuse-certificate':
      cluster.setCredentials('certificate-refused');
      return () => cluster.setCredentials('valid');
    case 'revoke-write':
      cluster.revokeWrite(action.topic);
      return () => cluster.grantWrite(action.topic);
    case 'revoke-idempotent-write':
      cluster.setIdempotentWrite('revoked');
      return () => cluster.setIdempotentWrite('allowed');
    case 'throttle':
      cluster.setThrottleMs(action.throttleMs);
      return () => cluster.setThrottleMs(0);
    case 'forget-producer-ids':
      cluster.forgetProducerIds();
      return NOTHING_TO_UNDO;
  }
}

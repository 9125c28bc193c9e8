import type { ClusterEvent, NetworkPlan, Schedule, Step, TopicPlan } from './schedule';

const MOST_FOR_NO_PARTITION = 2;

/** Makes the parts of a schedule, which were drawn independently, fit each other: brokers that exist, topics that exist. */
export function fitted(schedule: Schedule): Schedule {
  const { brokers, topics } = schedule;
  const names = topics.map(({ name }) => name);
  const events = schedule.events
    .filter((event) => !('topic' in event) || names.includes(event.topic))
    .map((event): ClusterEvent => {
      return 'node' in event ? { ...event, node: ((event.node - 1) % brokers) + 1 } : event;
    });
  const producers = schedule.producers.map((producer) => {
    return { ...producer, steps: producer.steps.map((step) => fittedStep(step, topics)) };
  });
  return { ...schedule, events, producers, network: fittedNetwork(schedule) };
}

/** Without any backoff, and with responses that take no time, a retry would not move the time on: nothing ever would. */
function fittedNetwork({ network, producers }: Schedule): NetworkPlan {
  const { minMs, maxMs } = network;
  const isTimeless = minMs === 0 && producers.some(({ config }) => config['retry.backoff.ms'] === 0);
  return isTimeless ? { ...network, minMs: 1, maxMs: Math.max(1, maxMs) } : network;
}

/** Records that are awaited one by one, and each of which takes max.block.ms, are no more than a few. */
function fittedStep(step: Step, topics: readonly TopicPlan[]): Step {
  if (step.do !== 'send') return step;
  const topic = step.topic === undefined ? topics[0] : topics.find(({ name }) => name === step.topic);
  const isThere = typeof step.partition !== 'number' || step.partition < (topic?.partitions ?? 0);
  if (topic !== undefined && (isThere || step.wait === undefined)) return step;
  return { ...step, count: Math.min(step.count, MOST_FOR_NO_PARTITION) };
}

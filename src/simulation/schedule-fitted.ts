import type { ClusterEvent, NetworkPlan, Schedule, Step, TopicName } from './schedule';

/** Each record for a topic that never appears takes max.block.ms. */
const MOST_FOR_NO_TOPIC = 2;

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
    return { ...producer, steps: producer.steps.map((step) => fittedStep(step, names)) };
  });
  return { ...schedule, events, producers, network: fittedNetwork(schedule) };
}

/** Without any backoff, and with responses that take no time, a retry would not move the time on: nothing ever would. */
function fittedNetwork({ network, producers }: Schedule): NetworkPlan {
  const { minMs, maxMs } = network;
  const isTimeless = minMs === 0 && producers.some(({ config }) => config['retry.backoff.ms'] === 0);
  return isTimeless ? { ...network, minMs: 1, maxMs: Math.max(1, maxMs) } : network;
}

function fittedStep(step: Step, names: readonly TopicName[]): Step {
  if (step.do !== 'send' || step.topic === undefined || names.includes(step.topic)) return step;
  return { ...step, count: Math.min(step.count, MOST_FOR_NO_TOPIC) };
}

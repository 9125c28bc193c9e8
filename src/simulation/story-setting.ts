import type { ProducerPlan, Schedule, TopicPlan, UserParts } from './schedule';

/** What a run begins with, one line each; what is Kafka's default is not named. */
export function settingOf(schedule: Schedule): string[] {
  const { brokers, topics, producers, network } = schedule;
  const { minMs, maxMs, replicationMs, metadataDelayMs, failoverMs } = network;
  const delays = [
    minMs === maxMs ? `a response takes ${minMs} ms` : `a response takes ${minMs} to ${maxMs} ms`,
    ...(replicationMs === undefined ? [] : [`replication ${replicationMs} ms`]),
    ...(metadataDelayMs === undefined ? [] : [`news of the cluster ${metadataDelayMs} ms`]),
    ...(failoverMs === undefined ? [] : [`an election ${failoverMs} ms`]),
  ];
  return [
    `${brokers === 1 ? '1 broker' : `${brokers} brokers`}; ${delays.join(', ')}.`,
    ...topics.map(topicLine),
    ...producers.map((producer, index) => producerLine(producer, index, producers.length)),
  ];
}

function topicLine({ name, partitions, config, createdAtMs }: TopicPlan): string {
  const settings = Object.entries(config ?? {}).map(([key, value]) => `${key} ${value}`);
  const since = createdAtMs === undefined ? '' : `, created at ${createdAtMs} ms`;
  const how = settings.length === 0 ? '' : ` with ${settings.join(', ')}`;
  return `Topic ${name} has ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}${how}${since}.`;
}

function producerLine(plan: ProducerPlan, index: number, producers: number): string {
  const settings = Object.entries(plan.config).map(([key, value]) => `${key} ${String(value)}`);
  const parts = partsOf(plan.parts ?? {});
  const name = producers === 1 ? 'The producer' : `Producer ${index + 1}`;
  const when = plan.afterPrevious === true && index > 0 ? ', started when the one before it has ended,' : '';
  const how = settings.length === 0 ? "Kafka's default config" : settings.join(', ');
  return `${name}${when} has ${how}${parts.length === 0 ? '' : `; ${parts.join(', ')}`}.`;
}

function partsOf(parts: UserParts): string[] {
  const { interceptor, reusesBuffer, partitioner, bufferPool, isSendable, sequenceTracker, traceThrows } =
    parts;
  return [
    ...(interceptor === undefined ? [] : [`an interceptor (${interceptor})`]),
    ...(reusesBuffer === true ? ['a serializer that returns the same buffer each time'] : []),
    ...(partitioner === undefined ? [] : [`a partitioner (${partitioner})`]),
    ...(bufferPool === undefined ? [] : [`a buffer pool of the user's (${bufferPool})`]),
    ...(isSendable === undefined ? [] : [`an isSendable of the user's (${isSendable})`]),
    ...(sequenceTracker === undefined ? [] : [`a sequence tracker of the user's (${sequenceTracker})`]),
    ...(traceThrows === true ? ['a trace listener that throws'] : []),
  ];
}

import type { CourseKafka } from '../../../src/broker/index';
import type { ComparedBars } from '../../../src/charts/compared-bars';
import { stallBroker } from '../../../src/lab/experiments/backpressure';
import { loseAcknowledgement } from '../../../src/lab/experiments/duplicates';
import { takePayloads } from '../../../src/lab/load/payloads';
import { loseErrorUnseen } from '../../../src/lab/experiments/silent-failure';
import {
  ConfigError,
  murmur2,
  RoundRobinPartitioner,
  StringSerializer,
  toPositive,
} from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';
import { explainProducerConfig } from '../../../src/producer/producer-config';
import { carry } from '../probes/support/carry';
import { brokerTopic } from './broker-topic';
import { bytesPerRecord } from './compared-loads';
import type { Choice } from './predictions';
import { RawProducer } from './raw-producer';
import { runSteppedLoad } from './stepped-load';

/** What an experiment came to. */
export interface Outcome {
  /** The prediction that the figures bear out; undefined: none of them, so that nobody can be judged by it. */
  readonly right: Choice | undefined;
  /** The figures, in words. */
  readonly measured: string;
  readonly bars?: ComparedBars;
}

export type Experiment = (kafka: () => Promise<CourseKafka>) => Promise<Outcome>;

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
const ordersOf = (count: number): Buffer[] =>
  takePayloads('orders', count, { seed: 17 }).map(({ value }) => value);
const when = <T>(holds: boolean, choice: T): T | undefined => (holds ? choice : undefined);

async function linger(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  const load = { values: ordersOf(400), recordsPerMs: 1, quietMs: 60 };
  const without = await runSteppedLoad(await kafka(), { 'linger.ms': 0 }, load);
  const with50 = await runSteppedLoad(await kafka(), { 'linger.ms': 50 }, load);
  const longest = Math.max(...with50.waitedMs);
  return {
    right: when(with50.requests * 10 < without.requests && longest > 40 && longest <= 51, 'b'),
    measured: `400 orders, one each millisecond: ${without.requests} requests with linger.ms 0, where a batch waited ${Math.max(...without.waitedMs)} ms at most; ${with50.requests} requests with linger.ms 50, and ${longest} ms at most`,
    bars: {
      title: `${without.requests} requests without lingering, ${with50.requests} with linger.ms 50`,
      measure: 'requests',
      bars: [
        { name: 'linger.ms 0', value: without.requests, role: 'baseline' },
        { name: 'linger.ms 50', value: with50.requests, role: 'answer' },
      ],
    },
  };
}

async function sticky(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  const measure = async (partitioner?: RoundRobinPartitioner): Promise<[number, number]> => {
    let counted: [number, number] = [0, 0];
    await brokerTopic(await kafka(), { name: 'predict-sticky', partitions: 12 }, async (topic) => {
      await carry({
        ...topic.connect,
        topic: topic.topic,
        records: range(1_200).map((number) => ({ value: `order ${String(number).padStart(194, '0')}` })),
        valueSerializer: new StringSerializer(),
        partitioner,
        config: { 'linger.ms': 60_000 },
        flushEvery: 120,
      });
      const log = await topic.readBatches();
      counted = [log.flat().length, log.filter((batches) => batches.length > 0).length];
    });
    return counted;
  };
  const [roundRobin] = await measure(new RoundRobinPartitioner());
  const [builtIn, used] = await measure();
  return {
    right: when(builtIn * 3 < roundRobin && used > 1, 'c'),
    measured: `1,200 orders without a key in ten bursts to 12 partitions: ${roundRobin} batches by round robin, ${builtIn} by the producer's own partitioner, which used ${used} partitions`,
    bars: {
      title: `${roundRobin} batches by round robin, ${builtIn} by the producer's own partitioner`,
      measure: 'batches',
      bars: [
        { name: 'round robin', value: roundRobin, role: 'baseline' },
        { name: 'built in', value: builtIn, role: 'answer' },
      ],
    },
  };
}

async function bufferMemory(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  const report = await stallBroker(await kafka(), { maxBlockMs: 300, bufferMemoryBytes: 32 * 1024 });
  const timedOut = /TimeoutError|BufferExhaustedError/.test(report.errorName);
  const nothingLost = report.inLog === report.taken;
  return {
    right: when(timedOut && nothingLost && report.blockedMs >= 250, 'b'),
    measured: `32 KB of buffer.memory, a broker that had fallen silent, max.block.ms 300: after ${report.taken} records send() waited ${Math.round(report.blockedMs)} ms, and then ${report.errorName}; when the broker went on, ${report.inLog} of the ${report.taken} records arrived`,
    bars: {
      title: `With buffer.memory used up, send() waited ${Math.round(report.blockedMs)} ms, then ${report.errorName}`,
      measure: 'ms',
      bars: [
        { name: 'max.block.ms', value: report.maxBlockMs, role: 'baseline' },
        { name: 'send() waited', value: Math.round(report.blockedMs), role: 'answer' },
      ],
    },
  };
}

async function idempotence(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  const without = await loseAcknowledgement(await kafka(), { idempotence: false });
  const withIt = await loseAcknowledgement(await kafka(), { idempotence: true });
  const sentAgain = withIt.produceRequests > withIt.sent / 5;
  return {
    right: when(
      without.doubled.length > 0 &&
        withIt.doubled.length === 0 &&
        withIt.acknowledged === withIt.sent &&
        sentAgain,
      'd',
    ),
    measured: `${withIt.sent} orders, and one acknowledgement lost: without idempotence the log held ${without.inLog} records; with it ${withIt.produceRequests} requests were sent, ${withIt.acknowledged} records were acknowledged, and the log held ${withIt.inLog}`,
    bars: {
      title: `An acknowledgement lost: ${without.inLog} records in the log without idempotence, ${withIt.inLog} with it`,
      measure: 'records in the log',
      bars: [
        { name: 'not idempotent', value: without.inLog, role: 'baseline' },
        { name: 'idempotent', value: withIt.inLog, role: 'answer' },
      ],
    },
  };
}

async function order(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  let outcome: Outcome | undefined;
  await brokerTopic(await kafka(), { name: 'predict-order', partitions: 3 }, async (topic) => {
    const config = { acks: 'all', 'max.in.flight.requests.per.connection': 1 } as const;
    const records = range(30).map((number) => ({ value: String(number), partition: (number * 7) % 3 }));
    const valueSerializer = new StringSerializer();
    await carry({ ...topic.connect, topic: topic.topic, records, valueSerializer, config });
    const stored = (await topic.readRecords()).map((log) => log.map(({ value }) => Number(value)));
    const sorted = (numbers: readonly number[]): boolean =>
      numbers.every((number, index) => index === 0 || numbers[index - 1]! < number);
    outcome = {
      right: when(stored.every(sorted) && !sorted(stored.flat()), 'a'),
      measured: `records 0 to 29 with acks=all and one request in flight; the partitions held ${stored.map((log) => `${log.slice(0, 4).join(', ')} …`).join(' | ')}, so a consumer that reads one after the other gets record ${stored[0]!.at(-1)} before record ${stored[1]![0]}`,
    };
  });
  return outcome!;
}

async function fullBatch(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  const load = { values: ordersOf(400), recordsPerMs: 100, quietMs: 20 };
  const { waitedMs, batches } = await runSteppedLoad(await kafka(), { 'linger.ms': 1_000 }, load);
  return {
    right: when(waitedMs[0]! < 10 && batches.length > 1, 'c'),
    measured: `linger.ms 1000 and 100 orders each millisecond: the first batch had ${batches[0]!.recordCount} records when it was full, and left ${waitedMs[0]} ms after it was opened, before any flush()`,
    bars: {
      title: `A batch that was full left after ${waitedMs[0]} ms, with linger.ms 1000`,
      measure: 'ms',
      bars: [
        { name: 'linger.ms', value: 1_000, role: 'baseline' },
        { name: 'it waited', value: waitedMs[0]!, role: 'answer' },
      ],
    },
  };
}

function newPartitions(): Promise<Outcome> {
  const keys = range(10_000).map((number) => toPositive(murmur2(Buffer.from(`customer-${number}`))));
  const moved = keys.filter((hash) => hash % 6 !== hash % 8).length / keys.length;
  const percent = Math.round(moved * 100);
  return Promise.resolve({
    right: when(percent > 65 && percent < 85, 'c'),
    measured: `of 10,000 keys, ${percent} % had another partition with eight than with six`,
    bars: {
      title: `From 6 to 8 partitions, ${percent} % of the keys move`,
      measure: '% of the keys',
      bars: [
        { name: 'stay', value: 100 - percent, role: 'baseline' },
        { name: 'move', value: percent, role: 'answer' },
      ],
    },
  });
}

function resolved(
  config: ProducerConfig,
): { error: string } | { idempotent: unknown; acks: unknown; warnings: number } {
  try {
    const { values, warnings } = explainProducerConfig({ ...config, 'bootstrap.servers': '127.0.0.1:9092' });
    return { idempotent: values['enable.idempotence'], acks: values['acks'], warnings: warnings.length };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { error: error.message };
  }
}

function leaderAcks(): Promise<Outcome> {
  const seen = resolved({ acks: '1' });
  const measured =
    'error' in seen
      ? `ConfigError: ${seen.error}`
      : `in force: acks ${String(seen.acks)}, enable.idempotence ${String(seen.idempotent)}; warnings: ${seen.warnings}`;
  const isSilent =
    !('error' in seen) && seen.idempotent === false && seen.acks === '1' && seen.warnings === 0;
  return Promise.resolve({ right: when(isSilent, 'b'), measured });
}

function sixInFlight(): Promise<Outcome> {
  const seen = resolved({ 'max.in.flight.requests.per.connection': 6 });
  const measured =
    'error' in seen
      ? `the producer was not made: ${seen.error}`
      : `in force: enable.idempotence ${String(seen.idempotent)}`;
  return Promise.resolve({ right: when('error' in seen, 'a'), measured });
}

async function smallBatches(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  const load = { values: ordersOf(300), recordsPerMs: 300 };
  const measure = async (batchSize: number): Promise<number> =>
    bytesPerRecord(
      await runSteppedLoad(await kafka(), { 'batch.size': batchSize, 'compression.type': 'zstd' }, load),
    );
  const [alone, together] = [await measure(1), await measure(65_536)];
  return {
    right: when(alone > together * 2, 'b'),
    measured: `300 orders with zstd: ${alone.toFixed(0)} bytes each with a batch of its own, ${together.toFixed(0)} in large batches`,
    bars: {
      title: `With zstd, an order takes ${alone.toFixed(0)} bytes alone and ${together.toFixed(0)} in large batches`,
      measure: 'bytes per record',
      bars: [
        { name: 'one by one', value: alone, role: 'answer' },
        { name: 'large batches', value: together, role: 'baseline' },
      ],
    },
  };
}

async function silentFailure(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  const report = await loseErrorUnseen(await kafka());
  return {
    right: when(report.unhandledRejections === 0 && report.recordErrorTotal === 3 && report.inLog === 1, 'd'),
    measured: `of ${report.sent} records the broker took ${report.inLog}; unhandled rejections: ${report.unhandledRejections}; record-error-total: ${report.recordErrorTotal}; who had given a callback saw ${String(report.seenByCallback?.split(':')[0])}`,
    bars: {
      title: `${report.recordErrorTotal} records refused, ${report.unhandledRejections} unhandled rejections`,
      measure: 'how many',
      bars: [
        { name: 'records sent', value: report.sent, role: 'baseline' },
        { name: 'in the log', value: report.inLog, role: 'baseline' },
        { name: 'unhandled rejections', value: report.unhandledRejections, role: 'answer' },
        { name: 'record-error-total', value: report.recordErrorTotal, role: 'answer' },
      ],
    },
  };
}

async function sixthBatch(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  return onOnePartition(await kafka(), async (producer) => {
    const producerId = await producer.newProducerId();
    const batch = (baseSequence: number) => ({
      producerId,
      producerEpoch: 0,
      baseSequence,
      recordCount: 1,
    });
    for (const sequence of range(6)) await producer.send(0, batch(sequence));
    const second = await producer.send(0, batch(1));
    const first = await producer.send(0, batch(0));
    return {
      right: when(first.errorCode === 45 && second.errorCode === 0, 'b'),
      measured: `batches 0 to 5 were written, then sent again: batch 1, four behind the newest, got error code ${second.errorCode} and offset ${second.baseOffset}; batch 0, five behind, got error code ${first.errorCode} and offset ${first.baseOffset}`,
    };
  });
}

async function restart(kafka: () => Promise<CourseKafka>): Promise<Outcome> {
  return onOnePartition(await kafka(), async (producer) => {
    const answers = [];
    const ids = [];
    for (let run = 0; run < 2; run++) {
      const producerId = await producer.newProducerId();
      ids.push(producerId);
      answers.push(await producer.send(0, { producerId, producerEpoch: 0, baseSequence: 0, recordCount: 1 }));
    }
    const [before, after] = answers.map(({ baseOffset }) => baseOffset);
    return {
      right: when(answers.every(({ errorCode }) => errorCode === 0) && before !== after, 'a'),
      measured: `producer ids ${ids.join(' and ')}; the same record with sequence 0 got offset ${before} the first time, ${after} after the restart`,
    };
  });
}

async function onOnePartition(
  kafka: CourseKafka,
  use: (producer: RawProducer) => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  await brokerTopic(kafka, { name: 'predict', partitions: 1 }, async ({ topic }) => {
    outcome = await RawProducer.use(kafka, topic, use);
  });
  return outcome!;
}

/** By the id of the prediction. */
export const EXPERIMENTS: Readonly<Record<string, Experiment>> = {
  linger,
  sticky,
  'buffer-memory': bufferMemory,
  idempotence,
  order,
  'full-batch': fullBatch,
  'new-partitions': newPartitions,
  'leader-acks': leaderAcks,
  'six-in-flight': sixInFlight,
  'small-batches': smallBatches,
  'silent-failure': silentFailure,
  'sixth-batch': sixthBatch,
  restart,
};

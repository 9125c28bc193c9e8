import { judgeRatios } from '../../lab/load/compare-benchmarks';
import type { Order } from '../../lab/order';
import { takeOrders } from '../../lab/order';
import { JsonSerializer, KafkaProducer, StringSerializer } from '../../producer/index';
import type {
  AccumulatorState,
  BatchState,
  Cluster,
  IsSendable,
  MemoryPool,
  Partitioner,
  SequenceStamper,
  Serializer,
} from '../../producer/index';
import { SystemClock, type Clock } from '../../support/clock';
import { NOT_STARTED } from '../grading/answer-protocol';
import type { NotebookKafka } from './notebook-kafka';
import { table } from './table';

/** What a learner wrote in exercises 04, 05, 10, 06 or 08, and 15: solved or not. */
export interface LearnersParts {
  readonly isSendable: IsSendable;
  readonly bufferPool: new (totalMemory: number, clock: Clock) => MemoryPool;
  readonly sequenceTracker: new (producerId: bigint, epoch: number) => SequenceStamper;
  readonly partitioner: Partitioner;
  readonly serializer: Serializer<Order>;
}

type PartName = keyof LearnersParts;

/** The parts that work. Where one is missing, the built-in one is used. */
export type SolvedParts = Partial<LearnersParts>;

export interface OrdersRun {
  readonly ordersPerSecond: number;
  readonly inLog: number;
  /** Each order is in the log, and none twice. */
  readonly eachOnce: boolean;
  /** The orders of each customer lie in one partition, in the order in which they were sent. */
  readonly customersInOrder: boolean;
}

export interface ProducerRace {
  readonly yours: OrdersRun;
  readonly builtIn: OrdersRun;
  readonly verdict: string;
  /** What may be said of the speed: inconclusive when the rounds do not agree. */
  readonly sentence: string;
}

const EXERCISES: Readonly<Record<PartName, string>> = {
  isSendable: '04-batch-readiness',
  bufferPool: '05-buffer-pool',
  sequenceTracker: '10-sequence-numbers',
  partitioner: '06-key-partitioner or 08-sticky-partitioner',
  serializer: '15-fast-serializer',
};
const ANSWER_WITHIN_MS = 1000;
const RUN_WITHIN_MS = 20_000;
const PARTITIONS = 3;
const BUFFER_MEMORY = 1024 * 1024;
const ROUNDS = 3;
const ORDER: Order = { orderId: 'order-1', customerId: 'customer-1', priority: 'NORMAL', amountCents: 100 };

/** Tries each part by itself, shows which parts are the learner's, and returns those that work. */
export async function solvedParts(parts: LearnersParts): Promise<SolvedParts> {
  const solved: Record<string, unknown> = {};
  const rows: { part: string; exercise: string; 'in your producer': string }[] = [];
  for (const name of Object.keys(EXERCISES) as PartName[]) {
    const state = await stateOf(() => TRIALS[name](parts));
    if (state === 'yours') solved[name] = parts[name];
    rows.push({ part: name, exercise: EXERCISES[name], 'in your producer': state });
  }
  table(rows);
  return solved;
}

/** Sends the same orders with the learner's producer and the built-in one, in turn, and reads the log back each time. */
export async function raceProducers(
  kafka: NotebookKafka,
  parts: SolvedParts,
  options: { readonly orders?: number; readonly onRun?: () => void } = {},
): Promise<ProducerRace> {
  const orders = takeOrders(options.orders ?? 3000, { seed: 7, guestShare: 0 });
  const run = async (whose: SolvedParts) => {
    const result = await sendOrders(kafka, whose, orders);
    options.onRun?.();
    return result;
  };
  await run({}); // opens connections and compiles the code that both share
  const yours: OrdersRun[] = [];
  const builtIn: OrdersRun[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 0) builtIn.push(await run({}));
    yours.push(await run(parts));
    if (round % 2 === 1) builtIn.push(await run({}));
  }
  const ratios = yours.map((one, round) => one.ordersPerSecond / (builtIn[round]?.ordersPerSecond ?? NaN));
  const { verdict, sentence } = judgeRatios('the built-in producer', 'yours', ratios);
  return { yours: summary(yours), builtIn: summary(builtIn), verdict, sentence: asTitle(sentence) };
}

async function sendOrders(
  kafka: NotebookKafka,
  parts: SolvedParts,
  orders: readonly Order[],
): Promise<OrdersRun> {
  const topic = await kafka.topic('own-producer', { partitions: PARTITIONS });
  const { isSendable, bufferPool: Pool, sequenceTracker, partitioner, serializer } = parts;
  const pool = Pool === undefined ? undefined : new Pool(BUFFER_MEMORY, new SystemClock());
  const producer = new KafkaProducer<string, Order>(
    {
      'bootstrap.servers': kafka.kafka.bootstrapServers,
      'buffer.memory': BUFFER_MEMORY,
      'request.timeout.ms': RUN_WITHIN_MS / 4,
      'delivery.timeout.ms': RUN_WITHIN_MS / 2,
      'max.block.ms': RUN_WITHIN_MS / 2,
    },
    {
      keySerializer: new StringSerializer(),
      valueSerializer: serializer ?? new JsonSerializer<Order>(),
      connection: kafka.kafka.connection,
      partitioner,
      parts: { isSendable, bufferPool: pool, sequenceTracker },
    },
  );
  const startedMs = performance.now();
  try {
    await within(RUN_WITHIN_MS, async () => {
      const acknowledged: Promise<unknown>[] = [];
      for (const order of orders) {
        acknowledged.push((await producer.send({ topic, key: order.customerId, value: order })).get());
      }
      await Promise.all(acknowledged);
    });
  } finally {
    await producer.close({ timeoutMs: 1000 });
  }
  const ordersPerSecond = (orders.length * 1000) / (performance.now() - startedMs);
  return { ordersPerSecond, ...judgeLog(orders, await kafka.readAll(topic)) };
}

/** A finding stands above a chart: with a capital, and without a full stop. */
function asTitle(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1).replace(/\.$/, '');
}

/** What the log says: order ids count up, so order within a customer can be read off them. */
function judgeLog(
  orders: readonly Order[],
  stored: readonly { readonly partition: number; readonly value: string | null }[],
): Omit<OrdersRun, 'ordersPerSecond'> {
  const seen = stored.map(({ partition, value }) => {
    const { orderId, customerId } = JSON.parse(value ?? 'null') as Order;
    return { partition, orderId, customerId };
  });
  const ids = new Set(seen.map(({ orderId }) => orderId));
  const last = new Map<string | null, { readonly partition: number; readonly orderId: string }>();
  let customersInOrder = true;
  for (const { partition, orderId, customerId } of seen) {
    const before = last.get(customerId);
    if (before !== undefined && (before.partition !== partition || before.orderId >= orderId)) {
      customersInOrder = false;
    }
    last.set(customerId, { partition, orderId });
  }
  const eachOnce = seen.length === orders.length && orders.every(({ orderId }) => ids.has(orderId));
  return { inLog: seen.length, eachOnce, customersInOrder };
}

function summary(runs: readonly OrdersRun[]): OrdersRun {
  const speeds = runs.map(({ ordersPerSecond }) => ordersPerSecond).sort((a, b) => a - b);
  return {
    ordersPerSecond: speeds[Math.floor(speeds.length / 2)] ?? NaN,
    inLog: runs[runs.length - 1]?.inLog ?? 0,
    eachOnce: runs.every(({ eachOnce }) => eachOnce),
    customersInOrder: runs.every(({ customersInOrder }) => customersInOrder),
  };
}

const FULL_BATCH: BatchState = {
  createdMs: 0,
  lastAttemptMs: 0,
  attempts: 0,
  sizeInBytes: 16_384,
  closed: true,
};
const CALM: AccumulatorState = {
  batchSize: 16_384,
  lingerMs: 5,
  retryBackoffMs: 100,
  waitingForMemory: false,
  flushing: false,
  closed: false,
  muted: false,
};

/** The least that each part has to do. Only the grader says whether it is right. */
const TRIALS: Readonly<Record<PartName, (parts: LearnersParts) => boolean | Promise<boolean>>> = {
  isSendable: ({ isSendable }) => isSendable(FULL_BATCH, CALM, 0) === true,
  bufferPool: async ({ bufferPool: Pool }) => {
    const pool = new Pool(1024, new SystemClock());
    await pool.allocate(1000, 100);
    pool.deallocate(1000);
    await pool.allocate(1024, 100);
    return true;
  },
  sequenceTracker: ({ sequenceTracker: Tracker }) => {
    const tracker = new Tracker(1n, 0);
    return tracker.stamp(0, 3).baseSequence === 0 && tracker.stamp(0, 1).baseSequence === 3;
  },
  partitioner: ({ partitioner }) => {
    const all = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, leader: 1 }));
    const cluster: Cluster = { partitionsForTopic: () => all, availablePartitionsForTopic: () => all };
    const record = {
      topic: 'orders',
      key: 'customer-1',
      keyBytes: Buffer.from('customer-1'),
      value: null,
      valueBytes: null,
    };
    const partition = partitioner.partition(record, cluster);
    return all.some((one) => one.partition === partition);
  },
  serializer: ({ serializer }) =>
    Buffer.from(JSON.stringify(ORDER)).equals(serializer.serialize('orders', ORDER) ?? Buffer.alloc(0)),
};

async function stateOf(trial: () => boolean | Promise<boolean>): Promise<string> {
  try {
    const good = await within(ANSWER_WITHIN_MS, async () => trial());
    return good ? 'yours' : 'built in (yours gives a wrong result: grade it)';
  } catch (error) {
    if (error instanceof Error && error.message === NOT_STARTED) return 'built in (yours is not started yet)';
    return `built in (yours fails: ${String(error)})`;
  }
}

/** Memory that is never granted and batches that are never sent would hold up a notebook for ever. */
async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  const clock = new SystemClock();
  let cancel: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(limitMs, () =>
      reject(new Error(`It did not finish within ${limitMs} ms: grade the parts one by one.`)),
    );
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    cancel();
  }
}

import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { CourseKafka } from '../../../src/broker/index';
import { bytesProducer } from '../../../src/lab/load/course-producer';
import type { DecodedRecordBatch } from '../../../src/network/log-reader';
import type { ProducerConfig } from '../../../src/producer/index';
import { ManualClock } from '../../../src/support/clock';
import type { TraceEvent } from '../../../src/trace/trace-event';
import { brokerTopic } from './broker-topic';

export interface SteppedLoad {
  readonly values: readonly Buffer[];
  /** How many are sent in each millisecond; the last millisecond may have fewer. */
  readonly recordsPerMs: number;
  /** Milliseconds that go by without any record once all were sent, before the flush. */
  readonly quietMs?: number;
}

export interface SteppedLoadReport {
  /** As the broker stored them. */
  readonly batches: readonly DecodedRecordBatch[];
  readonly requests: number;
  /** For each batch, how many milliseconds of the load's clock went by between its first record and its departure. */
  readonly waitedMs: readonly number[];
}

const LOADED = 0;
const FOR_WARM_UP = 1;
/** Compresses well: a batch that grows when compressed would make the producer expect the same of all that follow. */
const WARM_UP = Buffer.alloc(2_000, 'warm-up ');
const START_MS = Date.UTC(2024, 0, 1);
/** The producer's loop takes a turn of the event loop for each of its steps. */
const TURNS_OF_A_STEP = 4;
const LOOK_EVERY_MS = 5;

/**
 * A paced load through the real producer to the real broker, with a clock of its own: it moves on by a millisecond once the
 * producer has done all that was due and the broker has answered. So what a batch holds depends on the config alone, and
 * not on how busy the machine is.
 */
export async function runSteppedLoad(
  kafka: CourseKafka,
  config: ProducerConfig,
  load: SteppedLoad,
): Promise<SteppedLoadReport> {
  let report: SteppedLoadReport | undefined;
  await brokerTopic(kafka, { name: 'stepped-load', partitions: 2 }, async ({ topic, readBatches }) => {
    const sent = await sendAll(kafka, config, topic, load);
    report = { ...sent, batches: (await readBatches())[LOADED]! };
  });
  return report!;
}

async function sendAll(
  kafka: CourseKafka,
  config: ProducerConfig,
  topic: string,
  { values, recordsPerMs, quietMs = 0 }: SteppedLoad,
): Promise<Pick<SteppedLoadReport, 'requests' | 'waitedMs'>> {
  const clock = new ManualClock(START_MS);
  const watch = new RequestWatch();
  const producer = bytesProducer(kafka, config, { clock, trace: watch.hear });
  try {
    // Connection, metadata and producer id are there before the load begins: none of its records waits for them.
    await following(clock, producer.send({ topic, partition: FOR_WARM_UP, key: null, value: WARM_UP }));
    await following(clock, producer.flush());
    watch.reset();
    const futures = [];
    for (const [index, value] of values.entries()) {
      futures.push(await following(clock, producer.send({ topic, partition: LOADED, key: null, value })));
      if ((index + 1) % recordsPerMs > 0) continue;
      await watch.settled();
      clock.advance(1);
    }
    for (let ms = 0; ms < quietMs; ms++) {
      await watch.settled();
      clock.advance(1);
    }
    await following(clock, producer.flush());
    for (const future of futures) await future.get();
    return { requests: watch.requests, waitedMs: watch.waitedMs };
  } finally {
    await following(clock, producer.close({ timeoutMs: 5_000 }));
  }
}

/** While something outside is waited for, the clock keeps up with real time: backoffs and time limits come to their end. */
async function following<T>(clock: ManualClock, waiting: Promise<T>): Promise<T> {
  let isOver = false;
  const over = waiting.then(
    () => void (isOver = true),
    () => void (isOver = true),
  );
  await nextTurn();
  while (!isOver) {
    const startedMs = performance.now();
    await Promise.race([over, delay(LOOK_EVERY_MS)]);
    if (!isOver) clock.advance(performance.now() - startedMs);
  }
  return waiting;
}

/** What the trace says of requests. */
class RequestWatch {
  requests = 0;
  readonly waitedMs: number[] = [];
  readonly #openedMs = new Map<number, number>();
  #inFlight = 0;
  #onResponse = (): void => {};

  readonly hear = (event: TraceEvent): void => {
    if (event.stage === 'batch-opened') this.#openedMs.set(event.batch, event.atMs);
    if (event.stage === 'batch-drained' && event.attempt <= 1) {
      this.waitedMs.push(event.atMs - this.#openedMs.get(event.batch)!);
    }
    if (event.stage === 'request-sent') {
      this.requests++;
      this.#inFlight++;
    }
    if (event.stage === 'response') {
      this.#inFlight--;
      this.#onResponse();
    }
  };

  reset(): void {
    this.requests = 0;
    this.waitedMs.length = 0;
  }

  /** Everything that is due has been sent and answered. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < TURNS_OF_A_STEP; turn++) {
      await nextTurn();
      if (this.#inFlight === 0) continue;
      await new Promise<void>((resolve) => (this.#onResponse = resolve));
      turn = -1; // what the answer sets free may be sent next
    }
  }
}

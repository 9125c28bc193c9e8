import { inspect } from 'node:util';
import { NOT_STARTED } from '../../../src/course/grading/answer-protocol';
import {
  BufferExhaustedError,
  KafkaProducer,
  NotEnoughReplicasError,
  RecordTooLargeError,
  StringSerializer,
  TimeoutError,
} from '../../../src/producer/index';
import type { ProducerConfig, ProducerRecord } from '../../../src/producer/index';
import type { TraceEvent } from '../../../src/trace/trace-event';
import { ScriptedProducer } from './support/scripted-producer';
import type { Script } from './support/scripted-producer';
import { SlowNetwork } from './support/slow-network';

type SentRecord = ProducerRecord<string, string>;

interface Answer {
  readonly pump: (source: AsyncIterable<SentRecord>, producer: KafkaProducer<string, string>) => unknown;
}

/** An error that can be sent from one process to another. */
export type ErrorName =
  'TimeoutError' | 'BufferExhaustedError' | 'RecordTooLargeError' | 'NotEnoughReplicasError';

export interface PlannedScript {
  readonly refusals?: readonly ErrorName[];
  readonly failure?: ErrorName;
  readonly answerAfterMs?: number;
}

/** How a pump came to its end. */
export type Ending = { readonly returned: string } | { readonly rejected: string; readonly isError: boolean };

export interface Story {
  readonly ending: Ending;
  /** The number of the record of each call of send(), and of each that was taken. */
  readonly calls: readonly number[];
  readonly taken: readonly number[];
  /** How many that were taken had no answer yet when the pump came to its end. */
  readonly unanswered: number;
  /** The most records at any time that were read and that send() had neither taken nor refused for good. */
  readonly mostAhead: number;
  readonly read: number;
}

const ERRORS: Readonly<Record<ErrorName, (message: string) => Error>> = {
  TimeoutError: (message) => new TimeoutError(message),
  BufferExhaustedError: (message) => new BufferExhaustedError(message),
  RecordTooLargeError: (message) => new RecordTooLargeError(message),
  NotEnoughReplicasError: (message) => new NotEnoughReplicasError(message),
};

/** Pumps records 0 to `records` - 1 into a producer that follows a script; no broker. */
export async function pumpByScript(
  answer: Answer,
  input: { records: number; scripts: Readonly<Record<number, PlannedScript>> },
): Promise<Story> {
  const scripts: Record<string, Script> = {};
  for (const [number, { refusals = [], failure, answerAfterMs }] of Object.entries(input.scripts)) {
    scripts[number] = {
      refusals: refusals.map((name) => ERRORS[name](`record ${number} was not taken`)),
      failure: failure && ERRORS[failure](`record ${number} may or may not have been written`),
      answerAfterMs,
    };
  }
  const producer = new ScriptedProducer(scripts);
  const source = new CountedSource(input.records, 0, () => producer.taken.length);
  const ending = await endingOf(answer, source, producer as unknown as KafkaProducer<string, string>);
  const numbers = (values: readonly string[]): number[] => values.map(Number);
  return {
    ending,
    calls: numbers(producer.calls),
    taken: numbers(producer.taken),
    unanswered: producer.taken.length - producer.settled.length,
    mostAhead: source.mostAhead,
    read: source.read,
  };
}

export interface SlowSending {
  readonly bootstrapServers: string;
  readonly connection: object;
  readonly topic: string;
  readonly config: Omit<ProducerConfig, 'bootstrap.servers'>;
  readonly records: number;
  readonly valueLength: number;
  readonly requestTakesMs: number;
}

type MemoryEvent = Extract<TraceEvent, { stage: 'memory' }>;

/** Pumps records through the real producer to the real broker, which takes its time for every request. */
export async function pumpToSlowBroker(
  answer: Answer,
  sending: SlowSending,
): Promise<{
  ending: Ending;
  read: number;
  mostAhead: number;
  timeouts: number;
  unanswered: number;
  memory: MemoryEvent[];
}> {
  const { bootstrapServers, connection, topic, config, records, valueLength, requestTakesMs } = sending;
  const memory: MemoryEvent[] = [];
  const counted = { taken: 0, timeouts: 0, completed: 0 };
  const trace = (event: TraceEvent): void => {
    if (event.stage === 'appended') counted.taken += 1;
    if (event.stage === 'rejected') counted.timeouts += 1;
    if (event.stage === 'completed') counted.completed += 1;
    if (event.stage === 'memory') memory.push(event);
  };
  const serializer = new StringSerializer();
  const network = new SlowNetwork({ bootstrapServers, connection, requestTakesMs });
  const producer = new KafkaProducer<string, string>(
    { ...config, 'bootstrap.servers': bootstrapServers },
    { keySerializer: serializer, valueSerializer: serializer, network, trace },
  );
  const source = new CountedSource(records, valueLength, () => counted.taken, topic);
  try {
    const ending = await endingOf(answer, source, producer);
    const unanswered = counted.taken - counted.completed;
    return {
      ending,
      read: source.read,
      mostAhead: source.mostAhead,
      timeouts: counted.timeouts,
      unanswered,
      memory,
    };
  } finally {
    await producer.close({ timeoutMs: 1_000 });
  }
}

async function endingOf(
  answer: Answer,
  source: CountedSource,
  producer: KafkaProducer<string, string>,
): Promise<Ending> {
  try {
    const returned = await answer.pump(source, producer);
    return { returned: typeof returned === 'number' ? String(returned) : typeof returned };
  } catch (error) {
    if (error instanceof Error && error.message === NOT_STARTED) throw error;
    if (error instanceof Error) return { rejected: `${error.name}: ${error.message}`, isError: true };
    return { rejected: `${inspect(error, { depth: 0 })}, which is no Error`, isError: false };
  }
}

/** Records with the numbers from 0 on as their values; sees how far its reader is ahead of what was taken. */
class CountedSource implements AsyncIterable<SentRecord> {
  read = 0;
  mostAhead = 0;

  constructor(
    private readonly records: number,
    private readonly valueLength: number,
    private readonly taken: () => number,
    private readonly topic = 'orders',
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<SentRecord> {
    while (this.read < this.records) {
      // A source is somewhere else: the next record takes a turn of the event loop to come.
      await new Promise((resolve) => setImmediate(resolve));
      const number = this.read++;
      this.mostAhead = Math.max(this.mostAhead, this.read - this.taken());
      yield { topic: this.topic, partition: 0, value: String(number).padEnd(this.valueLength, '.') };
    }
  }
}

import { Buffer } from 'node:buffer';
import type { KafkaProducer } from '../producer/kafka-producer';
import type { RecordFuture } from '../producer/internals/future-record-metadata';
import type { SendCallback } from '../producer/internals/producer-batch';
import type { ProducerRecord as RecordToSend } from '../producer/producer-record';
import type { RecordMetadata } from '../producer/record-metadata';
import type { Call, ProducerRecord, SentRecord } from './run-record';
import type { VirtualWorld } from './run-world';
import type { CallbackKind, SendStep, Step, TopicName } from './schedule';
import type { Payload } from './workload-parts';
import { headersOf, keyOf, recordNameAt, timestampOf, valueOf } from './workload-records';

export type SimulatedProducer = Pick<
  KafkaProducer<Buffer, Payload>,
  'send' | 'flush' | 'close' | 'partitionsFor' | 'metrics'
>;

export interface WorkloadOptions {
  readonly world: VirtualWorld;
  readonly producer: SimulatedProducer;
  readonly record: ProducerRecord;
  readonly defaultTopic: TopicName;
  /** How many partitions a topic has when the run begins. */
  readonly partitionsOf: (topic: TopicName) => number;
  /** Number of the next record, over all producers: it gets its name from it. */
  readonly nextIndex: () => number;
}

const NO_BYTES = Buffer.alloc(0);

/** What a step sends when its callback sends. */
const SENT_BY_CALLBACK: SendStep = { do: 'send', count: 1 };

/** The user's code: runs the steps of a plan against the producer, and notes what it is told. It never rejects. */
export class WorkloadProgram {
  readonly #options: WorkloadOptions;
  /** Calls that have not settled. */
  readonly #open = new Set<Call>();
  isClosed = false;
  isFinished = false;

  constructor(options: WorkloadOptions) {
    this.#options = options;
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#run(step);
    this.isFinished = true;
  }

  /** Everything that was asked of the producer has been told. */
  get isSettled(): boolean {
    return this.isFinished && this.#open.size === 0;
  }

  /** By when the next call that is open has to settle. */
  get limitMs(): number {
    let limitMs = Infinity;
    for (const call of this.#open) if (call.limitMs < limitMs) limitMs = call.limitMs;
    return limitMs;
  }

  /** The run is over: closes the producer. */
  async end(): Promise<void> {
    this.isClosed = true;
    const { producer } = this.#options;
    await this.#settled(this.#call('close()', null, { isEnding: true }), producer.close());
  }

  async #close(timeoutMs: number | undefined): Promise<void> {
    this.isClosed = true;
    const { producer } = this.#options;
    const closed = timeoutMs === undefined ? producer.close() : producer.close({ timeoutMs });
    await this.#settled(this.#call('close()', null, { timeoutMs }), closed);
  }

  #run(step: Step): Promise<unknown> {
    const { producer, world, defaultTopic } = this.#options;
    switch (step.do) {
      case 'send':
        return this.#sendAll(step);
      case 'pause':
        return new Promise<void>((resolve) => world.clock.after(step.ms, resolve));
      case 'flush':
        return unless(step.unawaited, this.#settled(this.#call('flush()', null), producer.flush()));
      case 'close':
        return unless(step.unawaited, this.#close(step.timeoutMs));
      case 'partitions-for':
        return this.#settled(
          this.#call('partitionsFor()', null),
          producer.partitionsFor(step.topic ?? defaultTopic),
        );
    }
  }

  async #sendAll(step: SendStep): Promise<void> {
    for (let index = 0; index < step.count; index++) {
      const sent = this.#send(step, index, false);
      if (step.wait === 'send') await sent.appended;
      else if (step.wait === 'get') await sent.delivered;
    }
  }

  /** Neither promise rejects. */
  #send(
    step: SendStep,
    index: number,
    fromCallback: boolean,
  ): { appended: Promise<void>; delivered: Promise<void> } {
    const { producer, record: own, world } = this.#options;
    const { sent, toSend } = this.#makeRecord(step, index, fromCallback);
    own.records.push(sent);
    const callback = step.callback === undefined ? null : this.#callback(sent, step.callback);
    const future = producer.send(toSend, callback);
    if (sent.unseen) return { appended: Promise.resolve(), delivered: Promise.resolve() };
    const call = this.#call('send()', sent);
    const told = this.#settled(call, future, (value, error) => {
      const noted = { atMs: world.clock.now(), order: world.nextOrder() };
      sent.send = error === undefined ? { ...noted, value: true } : { ...noted, error };
    });
    const delivered = told.then((value) => (value === undefined ? undefined : this.#get(sent, value)));
    return { appended: told.then(() => {}), delivered };
  }

  #get(sent: SentRecord, future: RecordFuture): Promise<void> {
    const { world } = this.#options;
    const answer = this.#settled(
      this.#call('get()', sent),
      future.get(),
      (value: RecordMetadata | undefined, error) => {
        const noted = { atMs: world.clock.now(), order: world.nextOrder() };
        sent.get = value === undefined ? { ...noted, error } : { ...noted, value };
      },
    );
    return answer.then(() => {});
  }

  #makeRecord(
    step: SendStep,
    index: number,
    fromCallback: boolean,
  ): { sent: SentRecord; toSend: RecordToSend<Buffer, Payload> } {
    const { world, record: own, defaultTopic, partitionsOf, nextIndex } = this.#options;
    const topic = step.topic ?? defaultTopic;
    const name = recordNameAt(nextIndex());
    const partition =
      step.partition === 'each' ? index % Math.max(1, partitionsOf(topic)) : (step.partition ?? null);
    const value = valueOf(step, name, index);
    const key = keyOf(step, name);
    const headers = headersOf(step, name, value);
    const is: Payload['is'] = step.value === 'rejected' || step.value === 'not-bytes' ? step.value : 'good';
    const payload: Payload = { bytes: value ?? NO_BYTES, is };
    const sent: SentRecord = {
      name,
      producer: own.index,
      number: own.records.length + 1,
      order: world.nextOrder(),
      calledMs: world.clock.now(),
      topic,
      partition,
      key,
      value,
      headers: headers.length,
      hasCallback: step.callback !== undefined,
      unseen: step.unseen === true,
      fromCallback,
      send: null,
      get: null,
      callbacks: [],
    };
    const toSend = {
      topic,
      partition,
      key,
      value: value === null ? null : payload,
      headers,
      timestamp: timestampOf(step, world.clock.now()),
    } as const;
    return { sent, toSend };
  }

  #callback(sent: SentRecord, kind: CallbackKind): SendCallback {
    const { world } = this.#options;
    return (metadata, error): void | Promise<void> => {
      sent.callbacks.push({ atMs: world.clock.now(), order: world.nextOrder(), metadata, error });
      switch (kind) {
        case 'plain':
          return;
        case 'throws':
          throw new Error(`the callback of ${sent.name} threw`);
        case 'rejects':
          return Promise.reject(new Error(`the callback of ${sent.name} rejected`));
        case 'sends':
          this.#send({ ...SENT_BY_CALLBACK, topic: sent.topic as TopicName }, 0, true);
          return;
        case 'flushes':
          void this.#settled(this.#call('flush()', null), this.#options.producer.flush());
          return;
        case 'closes':
          void this.#close(undefined);
      }
    };
  }

  // ---- what is watched -----------------------------------------------------------------------------------------------

  #call(
    what: Call['what'],
    sent: SentRecord | null,
    { timeoutMs = Infinity, isEnding = false }: { timeoutMs?: number | undefined; isEnding?: boolean } = {},
  ): Call {
    const { world, record } = this.#options;
    const { limitMs, limit } = limitOf(what, record.settings, timeoutMs);
    const calledMs = world.clock.now();
    // get() is counted from send(): the promise is about the record.
    const fromMs = what === 'get()' ? sent!.calledMs : calledMs;
    const call: Call = {
      what,
      producer: record.index,
      record: sent?.name ?? null,
      order: world.nextOrder(),
      calledMs,
      isEnding,
      limitMs: fromMs + limitMs,
      limit,
      settledMs: null,
      error: undefined,
    };
    record.calls.push(call);
    this.#open.add(call);
    return call;
  }

  /** Notes when it settles; resolves to its value, or to undefined if it rejected. */
  #settled<T>(
    call: Call,
    promise: Promise<T>,
    tell?: (value: T | undefined, error: unknown) => void,
  ): Promise<T | undefined> {
    const note = (value: T | undefined, error: unknown): T | undefined => {
      call.settledMs = this.#options.world.clock.now();
      call.error = error;
      this.#open.delete(call);
      tell?.(value, error);
      return value;
    };
    return promise.then(
      (value) => note(value, undefined),
      (error: unknown) => note(undefined, error ?? new Error('it rejected with nothing')),
    );
  }
}

function unless(unawaited: boolean | undefined, promise: Promise<unknown>): Promise<unknown> {
  return unawaited === true ? Promise.resolve() : promise;
}

/** The bounds of invariant 4. */
function limitOf(
  what: Call['what'],
  settings: ProducerRecord['settings'],
  timeoutMs: number,
): { limitMs: number; limit: string } {
  const { maxBlockMs, deliveryTimeoutMs, requestTimeoutMs } = settings;
  if (what === 'send()' || what === 'partitionsFor()')
    return { limitMs: maxBlockMs, limit: `max.block.ms (${maxBlockMs})` };
  const limitMs = maxBlockMs + deliveryTimeoutMs + requestTimeoutMs;
  if (timeoutMs < limitMs) return { limitMs: timeoutMs, limit: `the timeout of close() (${timeoutMs})` };
  return {
    limitMs,
    limit: `max.block.ms + delivery.timeout.ms + request.timeout.ms (${maxBlockMs} + ${deliveryTimeoutMs} + ${requestTimeoutMs})`,
  };
}

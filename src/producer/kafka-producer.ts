import { SystemClock } from '../support/clock';
import type { Clock } from '../support/clock';
import type { TraceEvent, TraceListener } from '../trace/trace-event';
import {
  ApiError,
  ConfigError,
  IllegalArgumentError,
  IllegalStateError,
  KafkaError,
} from '../protocol/errors';
import { ProducerInterceptors } from './interceptors';
import { connectionFromConfig } from './internals/connection-config';
import type { FutureRecordMetadata, RecordFuture } from './internals/future-record-metadata';
import type { PartitionInfo } from './internals/metadata';
import type { PendingRecord, SendCallback } from './internals/producer-batch';
import { assembleProducerInternals } from './internals/producer-internals';
import type { ProducerInternals } from './internals/producer-internals';
import { settingsOf } from './internals/producer-settings';
import type { ProducerSettings } from './internals/producer-settings';
import { PendingRecordFactory } from './internals/pending-record-factory';
import { validateOptions } from './kafka-producer-options';
import type { CloseOptions, KafkaProducerOptions } from './kafka-producer-options';
import { resolveProducerConfig } from './producer-config';
import type { ProducerConfig } from './producer-config';
import type { ProducerMetric } from './producer-metric';
import { recordName, validateRecord } from './producer-record';
import type { ProducerRecord } from './producer-record';
import { RecordMetadata } from './record-metadata';

const MAX_CLOSE_MS = Number.MAX_SAFE_INTEGER;

/**
 * A producer with Java's semantics, names and defaults (`org.apache.kafka.clients.producer.KafkaProducer`, Kafka 4.4).
 *
 * `await send(record)` waits as Java's `send()` blocks: for metadata and memory, at most `max.block.ms`. It resolves to a
 * future whose `get()` waits for the broker. What goes wrong before the record is in a batch rejects `send()`; what goes
 * wrong afterwards rejects `get()`. (So says Java's documentation; its code puts a timeout or a record that is too large
 * into the future as well.) Neither raises an unhandled rejection when nobody looks.
 */
export class KafkaProducer<K = string, V = string> {
  readonly clientId: string;
  readonly #settings: ProducerSettings;
  readonly #options: KafkaProducerOptions<K, V>;
  readonly #clock: Clock;
  readonly #internals: ProducerInternals;
  readonly #pendingRecords: PendingRecordFactory<K, V>;
  readonly #interceptors: ProducerInterceptors<K, V> | null;
  readonly #trace: TraceListener | null;
  #recordsSent = 0;
  /** Calls of send() that wait for metadata: later ones must not overtake them. */
  #waitingForMetadata = 0;
  #closing: Promise<void> | null = null;

  /** Throws a ConfigError for a name or value that is not possible; whatever was opened by then is closed again. */
  constructor(config: ProducerConfig, options: KafkaProducerOptions<K, V>) {
    const resolved = resolveProducerConfig(config);
    validateOptions(options as unknown as Readonly<Record<string, unknown>>);
    if (resolved['transactional.id'] !== null && resolved['transactional.id'] !== undefined) {
      throw new ConfigError(
        `transactional.id is ${JSON.stringify(resolved['transactional.id'])}, but this producer has no transactions: leave it out.`,
      );
    }
    this.#settings = settingsOf(resolved);
    this.clientId = this.#settings.clientId;
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    this.#trace = guardedTrace(options.trace, this.#clock);
    const { interceptors = [], partitioner = null, keySerializer, valueSerializer } = options;
    this.#interceptors = interceptors.length === 0 ? null : new ProducerInterceptors(interceptors);
    try {
      keySerializer.configure?.(resolved, true);
      valueSerializer.configure?.(resolved, false);
      partitioner?.configure?.(resolved);
      this.#interceptors?.configure(resolved);
      this.#internals = assembleProducerInternals({
        settings: this.#settings,
        clock: this.#clock,
        random: options.random ?? Math.random,
        parts: options.parts ?? {},
        connection: options.connection ?? connectionFromConfig(resolved),
        network: options.network ?? null,
        trace: this.#trace,
      });
    } catch (error) {
      this.#closePlugins();
      if (error instanceof ConfigError) throw error;
      throw new KafkaError(`The producer could not be made: ${messageOf(error)}`, { cause: error });
    }
    this.#pendingRecords = new PendingRecordFactory({
      keySerializer,
      valueSerializer,
      partitioner,
      ...this.#settings,
      cluster: this.#internals.metadata.cluster,
      clock: this.#clock,
      trace: this.#trace,
    });
  }

  /**
   * Appends a record to a batch. Resolves to its future; rejects with a TimeoutError (for memory: BufferExhaustedError),
   * SerializationError, RecordTooLargeError, IllegalArgumentError, or IllegalStateError after close().
   *
   * Nothing on the usual way waits: metadata are known and there is memory, so that records are appended in the order of the calls.
   * Whoever sends a great many need not wait for each: the order stays, and the last of a hundred waits for what all of
   * them wait for. The benchmark does so.
   * @param callback called once when the broker has answered or the record has failed, in the order of the records of a batch
   */
  send(record: ProducerRecord<K, V>, callback: SendCallback | null = null): Promise<RecordFuture> {
    const number = ++this.#recordsSent;
    let sent: ProducerRecord<K, V> = record;
    let pending: PendingRecord | null = null;
    try {
      validateRecord(record);
      if (callback !== null && typeof callback !== 'function') throw notACallback(record, callback);
      this.#trace?.({ stage: 'send', atMs: this.#clock.now(), record: number, topic: record.topic });
      if (this.#interceptors !== null) sent = this.#intercept(record, number);
      this.#throwIfUnusable(sent);
      const { topic, partition } = sent;
      if (
        this.#waitingForMetadata > 0 ||
        this.#internals.metadata.partitionCount(topic) <= (partition ?? 0)
      ) {
        return this.#sendOnceKnown(sent, number, callback);
      }
      pending = this.#prepare(sent, number, callback);
      const future = this.#internals.accumulator.append(pending);
      if (future === null)
        return this.#sendOnceThereIsMemory(sent, pending, callback, this.#settings.maxBlockMs);
      return this.#sent(topic, future);
    } catch (error) {
      return rejected(this.#failed(sent, pending, number, callback, error));
    }
  }

  /** Sends everything now, linger.ms or not, and resolves once all records appended so far have their answer, good or bad. */
  async flush(): Promise<void> {
    const startedMs = this.#clock.now();
    this.#internals.accumulator.beginFlush();
    this.#internals.loop.wakeup();
    await this.#internals.accumulator.awaitFlushCompletion();
    this.#internals.metrics.recordFlush(this.#clock.now() - startedMs);
  }

  /**
   * Sends what is left, for at most `timeoutMs`, then fails the rest. 0 fails it at once; so does a call from within
   * a callback, since the callback is what would be waited for. Closing twice is closing once.
   */
  close({ timeoutMs = MAX_CLOSE_MS }: CloseOptions = {}): Promise<void> {
    if (!(timeoutMs >= 0)) {
      return rejected(new IllegalArgumentError(`close() waits for 0 ms or more, not ${timeoutMs}.`));
    }
    this.#closing ??= this.#close(this.#internals.loop.isRunning ? 0 : timeoutMs);
    return this.#closing;
  }

  /** The topic's partitions and their leaders; waits for metadata at most max.block.ms. */
  async partitionsFor(topic: string): Promise<readonly PartitionInfo[]> {
    if (typeof topic !== 'string' || topic === '') {
      throw new IllegalArgumentError(`partitionsFor() takes the name of a topic, not ${String(topic)}.`);
    }
    this.#throwIfUnusable(null);
    await this.#internals.metadata.awaitTopic(topic, null, this.#settings.maxBlockMs);
    return this.#internals.metadata.partitionsOf(topic);
  }

  /** Java's metrics, under Java's names; none once the producer is closed. */
  metrics(): readonly ProducerMetric[] {
    return this.#internals.metrics.snapshot();
  }

  // ---- send, step by step --------------------------------------------------------------------------------------------

  #intercept(record: ProducerRecord<K, V>, number: number): ProducerRecord<K, V> {
    const sent = this.#interceptors!.onSend(record);
    if (sent !== record) validateRecord(sent);
    this.#trace?.({ stage: 'intercepted', atMs: this.#clock.now(), record: number, topic: sent.topic });
    return sent;
  }

  #prepare(record: ProducerRecord<K, V>, number: number, callback: SendCallback | null): PendingRecord {
    const completed = this.#needsCompletion ? this.#completion(record, number, callback) : callback;
    return this.#pendingRecords.prepare(record, number, completed);
  }

  #sent(topic: string, future: FutureRecordMetadata): Promise<RecordFuture> {
    const { accumulator, loop, metadata } = this.#internals;
    const senderIsNeeded = accumulator.senderIsNeeded;
    if (senderIsNeeded) {
      // Once per batch is often enough to keep the topic from being forgotten.
      metadata.add(topic, this.#clock.now());
      loop.wakeup();
    }
    const turn = loop.nextTurnIfDue(senderIsNeeded);
    return turn === null ? Promise.resolve(future) : after(turn, future);
  }

  #sendOnceKnown(
    record: ProducerRecord<K, V>,
    number: number,
    callback: SendCallback | null,
  ): Promise<RecordFuture> {
    return silenced(this.#waitForMetadata(record, number, callback));
  }

  async #waitForMetadata(
    record: ProducerRecord<K, V>,
    number: number,
    callback: SendCallback | null,
  ): Promise<RecordFuture> {
    const startedMs = this.#clock.now();
    const { metadata, metrics, accumulator } = this.#internals;
    const { maxBlockMs } = this.#settings;
    let pending: PendingRecord | null = null;
    try {
      this.#waitingForMetadata++;
      try {
        await metadata.awaitTopic(record.topic, record.partition ?? null, maxBlockMs);
      } finally {
        this.#waitingForMetadata--;
        metrics.recordMetadataWait(this.#clock.now() - startedMs);
      }
      this.#throwIfUnusable(record);
      pending = this.#prepare(record, number, callback);
      const future = accumulator.append(pending);
      if (future !== null) return await this.#sent(record.topic, future);
    } catch (error) {
      throw this.#failed(record, pending, number, callback, error);
    }
    // Memory is waited for with what is left of the time (D-17).
    const leftMs = Math.max(0, maxBlockMs - (this.#clock.now() - startedMs));
    return this.#sendOnceThereIsMemory(record, pending, callback, leftMs);
  }

  #sendOnceThereIsMemory(
    record: ProducerRecord<K, V>,
    pending: PendingRecord,
    callback: SendCallback | null,
    maxBlockMs: number,
  ): Promise<RecordFuture> {
    const { accumulator, loop } = this.#internals;
    const appended = accumulator.appendWhenMemory(pending, maxBlockMs);
    // Somebody waits for memory: every batch may go now.
    loop.wakeup();
    return silenced(
      appended.then(
        (future) => this.#sent(pending.topic, future),
        (error: unknown) => {
          throw this.#failed(record, pending, pending.number, callback, error);
        },
      ),
    );
  }

  get #needsCompletion(): boolean {
    return this.#interceptors !== null || this.#trace !== null;
  }

  /** On the broker's answer interceptors come first, then the user's callback (G-15). */
  #completion(record: ProducerRecord<K, V>, number: number, callback: SendCallback | null): SendCallback {
    return (metadata, error, batch = 0) => {
      this.#interceptors?.onAcknowledgement(metadata, error);
      this.#trace?.({
        stage: 'completed',
        atMs: this.#clock.now(),
        record: number,
        topic: record.topic,
        partition: metadata.partition,
        batch,
        offset: metadata.hasOffset() ? metadata.offset : null,
        error: error === null ? null : error.message,
      });
      callback?.(metadata, error);
    };
  }

  /** What becomes of a record that never got into a batch: Java's catch clauses of doSend. Returns the error to reject with. */
  #failed(
    record: ProducerRecord<K, V>,
    pending: PendingRecord | null,
    number: number,
    callback: SendCallback | null,
    error: unknown,
  ): Error {
    const failure = error instanceof Error ? error : new KafkaError(String(error));
    const { topic } = record ?? {};
    const partition = pending?.partition ?? record?.partition ?? -1;
    if (failure instanceof ApiError && callback !== null) {
      try {
        callback(new RecordMetadata({ topic, partition }), failure);
      } catch (thrown) {
        process.emitWarning(`A callback of send() threw, which nobody sees but you: ${String(thrown)}`);
      }
    }
    if (failure instanceof KafkaError) this.#internals.metrics.recordErrors(null, 1);
    this.#interceptors?.onSendError(record, { topic, partition }, failure);
    this.#trace?.({
      stage: 'rejected',
      atMs: this.#clock.now(),
      record: number,
      topic,
      error: failure.message,
    });
    return failure;
  }

  #throwIfUnusable(record: ProducerRecord<K, V> | null): void {
    if (this.#closing !== null) {
      const what =
        record === null ? 'it knows no partitions any more' : `it cannot send ${recordName(record)}`;
      throw new IllegalStateError(`The producer is closed: ${what}.`);
    }
    const fatal = this.#internals.loop.failure ?? this.#internals.idempotence?.fatalError ?? null;
    if (fatal !== null) throw fatal;
  }

  // ---- close ---------------------------------------------------------------------------------------------------------

  async #close(timeoutMs: number): Promise<void> {
    const { accumulator, metadata, loop, network, metrics } = this.#internals;
    // Set before anything else runs, since what is released below may well call send() or close().
    await Promise.resolve();
    accumulator.close();
    metadata.close();
    const isSent = timeoutMs > 0 && (await loop.idle(timeoutMs));
    loop.stop();
    if (!isSent) {
      accumulator.abortIncompleteBatches(
        new KafkaError('The producer was closed before the record was sent, or before its answer came.'),
      );
    }
    await network.close();
    metrics.close();
    this.#closePlugins();
  }

  #closePlugins(): void {
    const { keySerializer, valueSerializer, partitioner } = this.#options;
    for (const close of [
      () => this.#interceptors?.close(),
      () => keySerializer.close?.(),
      () => valueSerializer.close?.(),
      () => partitioner?.close?.(),
    ]) {
      try {
        close();
      } catch (error) {
        process.emitWarning(`A part of the producer could not be closed: ${messageOf(error)}`);
      }
    }
  }
}

/** A function of its own: a closure where every record comes by would cost every record a context. */
function after(turn: Promise<void>, future: RecordFuture): Promise<RecordFuture> {
  return turn.then(() => future);
}

function notACallback(record: ProducerRecord, given: unknown): IllegalArgumentError {
  return new IllegalArgumentError(
    `The callback for ${recordName(record)} must be a function, not ${typeof given}.`,
  );
}

/**
 * With the real clock, events carry fractions of a millisecond: the seven steps of a record take less than one together. A
 * listener that throws must not change what becomes of a record.
 */
function guardedTrace(listener: TraceListener | undefined, clock: Clock): TraceListener | null {
  if (listener === undefined) return null;
  const isPrecise = clock instanceof SystemClock;
  return (event: TraceEvent) => {
    try {
      listener(isPrecise ? { ...event, atMs: performance.timeOrigin + performance.now() } : event);
    } catch (error) {
      process.emitWarning(`The trace listener threw, which nobody sees but you: ${messageOf(error)}`);
    }
  };
}

/** A lost error is silent, as in Java: that is a pitfall of the course, on purpose. */
function silenced<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function rejected<T>(error: Error): Promise<T> {
  return silenced(Promise.reject<T>(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

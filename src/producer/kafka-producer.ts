import { SystemClock } from '../support/clock';
import type { Clock } from '../support/clock';
import { SystemEventLoop } from '../support/event-loop';
import type { TraceListener } from '../trace/trace-event';
import {
  ApiError,
  ConfigError,
  IllegalArgumentError,
  IllegalStateError,
  KafkaError,
} from '../protocol/errors';
import { guardedTrace } from './guarded-trace';
import { ProducerInterceptors } from './interceptors';
import { CloseDeadline } from './internals/close-deadline';
import { connectionFromConfig } from './internals/connection-config';
import type { FutureRecordMetadata, RecordFuture } from './internals/future-record-metadata';
import type { PartitionInfo } from './internals/metadata';
import { PendingRecordFactory, withOwnBytes } from './internals/pending-record-factory';
import type { SerializedRecord } from './internals/pending-record-factory';
import type { PendingRecord, SendCallback } from './internals/producer-batch';
import { assembleProducerInternals } from './internals/producer-internals';
import type { ProducerInternals } from './internals/producer-internals';
import { settingsOf } from './internals/producer-settings';
import type { ProducerSettings } from './internals/producer-settings';
import { validateOptions } from './kafka-producer-options';
import type { CloseOptions, KafkaProducerOptions } from './kafka-producer-options';
import { resolveProducerConfig } from './producer-config';
import type { ProducerConfig } from './producer-config';
import type { ProducerMetric } from './producer-metric';
import { recordName, validateCallback, validateRecord } from './producer-record';
import type { ProducerRecord } from './producer-record';
import { RecordMetadata } from './record-metadata';
import { callGuarded, textOf } from './user-code';

const MAX_CLOSE_MS = Number.MAX_SAFE_INTEGER;

/** One call of send(), for those of its steps that come after a wait. */
interface SendCall {
  readonly number: number;
  readonly callback: SendCallback | null;
  /** By the clock. */
  readonly startedMs: number;
}

/**
 * A producer with Java's semantics, names and defaults (`org.apache.kafka.clients.producer.KafkaProducer`, Kafka 4.4).
 *
 * `await send(record)` waits as Java's `send()` blocks: for metadata and memory, at most `max.block.ms`. It resolves to a
 * future whose `get()` waits for the broker. What goes wrong before the record is in a batch rejects `send()`; what goes
 * wrong afterwards rejects `get()`. (Java's documentation reads the same, but its code returns a failed future where a record
 * is too large, or where metadata or memory is not there in time.) Neither raises an unhandled rejection when nobody looks.
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
  /** Calls of send() that wait, for metadata or for memory. */
  readonly #waiting = new Set<Promise<RecordFuture>>();
  #closing: { readonly done: Promise<void>; readonly deadline: CloseDeadline } | null = null;

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
        eventLoop: options.eventLoop ?? new SystemEventLoop(),
        random: options.random ?? Math.random,
        parts: options.parts ?? {},
        connection: options.connection ?? connectionFromConfig(resolved),
        network: options.network ?? null,
        trace: this.#trace,
      });
    } catch (error) {
      this.#closePlugins();
      if (error instanceof ConfigError) throw error;
      throw new KafkaError(`The producer could not be created: ${textOf(error)}`, { cause: error });
    }
    this.#pendingRecords = new PendingRecordFactory({
      keySerializer,
      valueSerializer,
      partitioner,
      ignoreKeys: this.#settings.ignoreKeys,
      maxRequestSize: this.#settings.maxRequestSize,
      bufferMemory: this.#settings.bufferMemory,
      cluster: this.#internals.metadata.cluster,
      clock: this.#clock,
      trace: this.#trace,
    });
  }

  /**
   * Appends a record to a batch. Resolves to its future; rejects with a TimeoutError (for memory: BufferExhaustedError),
   * SerializationError, RecordTooLargeError, IllegalArgumentError, or IllegalStateError after close().
   *
   * Usually nothing has to wait: metadata is known and there is memory, so that the record is appended before send() returns.
   * Where one has to wait, later records of the same partition wait behind it. A caller that sends many records need not await
   * each: their order stays.
   * @param callback called once when the broker has responded or the record has failed, in the order of the partition's records
   */
  send(record: ProducerRecord<K, V>, callback: SendCallback | null = null): Promise<RecordFuture> {
    const number = ++this.#recordsSent;
    let sent: ProducerRecord<K, V> = record;
    let pending: PendingRecord | null = null;
    try {
      validateRecord(record);
      validateCallback(record, callback);
      this.#trace?.({ stage: 'send', atMs: this.#clock.now(), record: number, topic: record.topic });
      if (this.#interceptors !== null) sent = this.#intercept(record, number);
      this.#throwIfUnusable(sent);
      const { topic, partition } = sent;
      if (
        this.#waitingForMetadata > 0 ||
        this.#internals.metadata.partitionCount(topic) <= (partition ?? 0)
      ) {
        return this.#sendOnceKnown(sent, { number, callback, startedMs: this.#clock.now() });
      }
      pending = this.#pendingRecords.create(sent, number, this.#completionOf(sent, number, callback));
      const future = this.#internals.accumulator.append(pending);
      if (future !== null) return this.#sent(future);
      const startedMs = this.#clock.now();
      return this.#waits(this.#appendOnceThereIsMemory(sent, pending, { number, callback, startedMs }));
    } catch (error) {
      return rejected(this.#failed(sent, pending, { number, callback }, error));
    }
  }

  /**
   * Sends everything now, linger.ms or not, and resolves once all records have their response, good or bad. All records: those of
   * every send() that was called before, awaited or not. Java's send() has appended its record when it returns, so that a flush()
   * includes it; a send() here that still waits for metadata or memory is waited for, too.
   */
  async flush(): Promise<void> {
    const { accumulator, loop, metrics } = this.#internals;
    const startedMs = this.#clock.now();
    this.#trace?.({ stage: 'flush', atMs: startedMs, phase: 'begin' });
    accumulator.beginFlush();
    loop.wakeup();
    try {
      if (this.#waiting.size > 0) await Promise.allSettled([...this.#waiting]);
      await accumulator.awaitIncompleteBatches();
    } finally {
      accumulator.endFlush();
    }
    metrics.recordFlush(this.#clock.now() - startedMs);
    this.#trace?.({ stage: 'flush', atMs: this.#clock.now(), phase: 'end' });
  }

  /**
   * Sends what is left, for at most `timeoutMs`, then fails the rest; a send() that still waits for metadata or memory is part
   * of what is left. 0 fails it at once; so does a call from within a callback, as in Java. A second call waits for the first
   * one, and shortens it if its own time is shorter.
   */
  close({ timeoutMs = MAX_CLOSE_MS }: CloseOptions = {}): Promise<void> {
    if (!(timeoutMs >= 0)) {
      return rejected(new IllegalArgumentError(`close() waits for 0 ms or more, not ${timeoutMs}.`));
    }
    const limitMs = this.#internals.loop.isRunning ? 0 : timeoutMs;
    if (this.#closing !== null) {
      this.#closing.deadline.shortenTo(limitMs);
      return this.#closing.done;
    }
    const deadline = new CloseDeadline(this.#clock, limitMs);
    this.#closing = { deadline, done: this.#close(deadline) };
    return this.#closing.done;
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

  #sent(future: FutureRecordMetadata): Promise<RecordFuture> {
    const turn = this.#internals.loop.nextTurnIfDue();
    return turn === null ? Promise.resolve(future) : after(turn, future);
  }

  /** The promise of a send() that has to wait: flush() and close() wait for it as well. */
  #waits(sent: Promise<RecordFuture>): Promise<RecordFuture> {
    this.#waiting.add(sent);
    const settled = () => void this.#waiting.delete(sent);
    sent.then(settled, settled);
    return sent;
  }

  #sendOnceKnown(record: ProducerRecord<K, V>, call: SendCall): Promise<RecordFuture> {
    const serialized = this.#pendingRecords.serialize(record, call.number);
    const { topic } = record;
    this.#trace?.({ stage: 'waiting', atMs: call.startedMs, record: call.number, topic, for: 'metadata' });
    return this.#waits(this.#appendOnceKnown(serialized, call));
  }

  async #appendOnceKnown(serialized: SerializedRecord<K, V>, call: SendCall): Promise<RecordFuture> {
    const { metadata, metrics, accumulator } = this.#internals;
    const { record } = serialized;
    let pending: PendingRecord | null = null;
    try {
      this.#waitingForMetadata++;
      try {
        await metadata.awaitTopic(record.topic, record.partition ?? null, this.#settings.maxBlockMs);
      } finally {
        this.#waitingForMetadata--;
        metrics.recordMetadataWait(this.#clock.now() - call.startedMs);
      }
      this.#throwIfFailed();
      const callback = this.#completionOf(record, call.number, call.callback);
      pending = this.#pendingRecords.createFrom(serialized, call.number, callback);
      const future = accumulator.append(pending);
      if (future !== null) return await this.#sent(future);
    } catch (error) {
      throw this.#failed(record, pending, call, error);
    }
    return this.#appendOnceThereIsMemory(record, pending, call);
  }

  /** Memory is waited for with what is left of max.block.ms (D-17). */
  async #appendOnceThereIsMemory(
    record: ProducerRecord<K, V>,
    pending: PendingRecord,
    call: SendCall,
  ): Promise<RecordFuture> {
    const { accumulator, loop } = this.#internals;
    const leftMs = Math.max(0, this.#settings.maxBlockMs - (this.#clock.now() - call.startedMs));
    try {
      const appended = accumulator.appendWhenMemory(withOwnBytes(pending), leftMs);
      // A record waits for memory: every batch may be sent now.
      loop.wakeup();
      return await this.#sent(await appended);
    } catch (error) {
      throw this.#failed(record, pending, call, error);
    }
  }

  /** On the broker's response interceptors come first, then the user's callback (G-15). */
  #completionOf(
    record: ProducerRecord<K, V>,
    number: number,
    callback: SendCallback | null,
  ): SendCallback | null {
    if (this.#interceptors === null && this.#trace === null) return callback;
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
      // What it throws or returns is the batch's to guard.
      return callback?.(metadata, error);
    };
  }

  /** A record that never got into a batch: Java's catch clauses of doSend. Returns the error to reject with. */
  #failed(
    record: ProducerRecord<K, V>,
    pending: PendingRecord | null,
    { number, callback }: Pick<SendCall, 'number' | 'callback'>,
    error: unknown,
  ): Error {
    const failure = error instanceof Error ? error : new KafkaError(textOf(error));
    const { topic } = record ?? {};
    const partition = pending?.partition ?? record?.partition ?? -1;
    if (failure instanceof ApiError && callback !== null) {
      callGuarded('A callback of send()', () => callback(new RecordMetadata({ topic, partition }), failure));
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
        record === null ? 'it no longer knows any partitions' : `it cannot send ${recordName(record)}`;
      throw new IllegalStateError(`The producer is closed: ${what}.`);
    }
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    const fatal = this.#internals.loop.failure ?? this.#internals.idempotence?.fatalError ?? null;
    if (fatal !== null) throw fatal;
  }

  // ---- close ---------------------------------------------------------------------------------------------------------

  async #close(deadline: CloseDeadline): Promise<void> {
    const { accumulator, metadata, loop, network, metrics, sender } = this.#internals;
    this.#trace?.({ stage: 'close', atMs: this.#clock.now(), phase: 'begin' });
    // `#closing` is set before anything else runs, since what is released below may call send() or close().
    await Promise.resolve();
    if (this.#waiting.size > 0 && !deadline.isOver) {
      await Promise.race([Promise.allSettled([...this.#waiting]), deadline.over]);
    }
    accumulator.close();
    metadata.close();
    void deadline.over.then(() => loop.stop());
    const isSent = !deadline.isOver && (await loop.idle());
    deadline.cancel();
    loop.stop();
    if (!isSent) {
      accumulator.abortIncompleteBatches(
        (batch) => new KafkaError(`The producer was closed before its records had a response. ${batch.fate}`),
      );
    }
    await network.close();
    // Requests that were under way have failed by now: their batches give their memory back.
    sender.handleLastResponses();
    metrics.close();
    this.#closePlugins();
    this.#trace?.({ stage: 'close', atMs: this.#clock.now(), phase: 'end' });
  }

  #closePlugins(): void {
    const { keySerializer, valueSerializer, partitioner } = this.#options;
    this.#interceptors?.close();
    callGuarded('close() of the keySerializer', () => keySerializer.close?.());
    callGuarded('close() of the valueSerializer', () => valueSerializer.close?.());
    callGuarded('close() of the partitioner', () => partitioner?.close?.());
  }
}

/** A function of its own: a closure where every record comes by would cost every record a context. */
function after(turn: Promise<void>, future: RecordFuture): Promise<RecordFuture> {
  return turn.then(() => future);
}

/** A lost error is silent, as in Java: that is a pitfall of the course, on purpose. */
function rejected<T>(error: Error): Promise<T> {
  const promise = Promise.reject<T>(error);
  promise.catch(() => {});
  return promise;
}

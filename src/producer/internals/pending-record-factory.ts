import type { TraceListener } from '../../trace/trace-event';
import { IllegalArgumentError, RecordTooLargeError, SerializationError } from '../../protocol/errors';
import type { Cluster, Partitioner } from '../partitioner';
import { freezeHeaders, recordName } from '../producer-record';
import type { Header } from '../../protocol/header';
import type { ProducerRecord } from '../producer-record';
import type { Serializer } from '../serializers';
import { textOf } from '../user-code';
import { murmur2, toPositive } from './murmur2';
import type { PendingRecord, SendCallback } from './producer-batch';
import { UNKNOWN_PARTITION } from './record-appender';
import { estimateUpperBound } from '../../protocol/record-batch-format';
import type { Clock } from '../../support/clock';

export interface PendingRecordFactoryOptions<K, V> {
  readonly keySerializer: Serializer<K>;
  readonly valueSerializer: Serializer<V>;
  readonly partitioner: Partitioner | null;
  readonly ignoreKeys: boolean;
  readonly maxRequestSize: number;
  readonly bufferMemory: number;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly trace: TraceListener | null;
}

/** A record whose bytes are known and its partition is not, because its topic's metadata is not there yet. */
export interface SerializedRecord<K, V> {
  readonly record: ProducerRecord<K, V>;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Makes of a record what the accumulator takes: steps 2 and 3 of its walk, bytes and a partition. */
export class PendingRecordFactory<K, V> {
  readonly #options: PendingRecordFactoryOptions<K, V>;

  constructor(options: PendingRecordFactoryOptions<K, V>) {
    this.#options = options;
  }

  /** The topic's partitions are known. Throws for what can never be sent, or not like this. */
  create(record: ProducerRecord<K, V>, number: number, callback: SendCallback | null): PendingRecord {
    const { keySerializer, valueSerializer } = this.#options;
    const key = serialize(keySerializer, 'key', record, record.key);
    const value = serialize(valueSerializer, 'value', record, record.value);
    this.#traceSerialized(record, key, value, number);
    return this.#complete(record, key, value, number, callback);
  }

  /**
   * The first half of `create()`, for a record that has to wait for metadata. Everything in the result is the producer's own:
   * the caller may change its record, and a serializer may use its buffer again. In Java, the caller's thread waits.
   */
  serialize(record: ProducerRecord<K, V>, number: number): SerializedRecord<K, V> {
    const { keySerializer, valueSerializer } = this.#options;
    const key = ownBytes(serialize(keySerializer, 'key', record, record.key));
    const value = ownBytes(serialize(valueSerializer, 'value', record, record.value));
    this.#traceSerialized(record, key, value, number);
    const headers = ownHeaders(freezeHeaders(record));
    const own = { ...record, key: ownData(record.key), value: ownData(record.value), headers };
    return { record: own, key, value };
  }

  /** The second half, once the topic's partitions are known. */
  createFrom(
    { record, key, value }: SerializedRecord<K, V>,
    number: number,
    callback: SendCallback | null,
  ): PendingRecord {
    return this.#complete(record, key, value, number, callback);
  }

  /** Without an object for its arguments: every record comes by. */
  #complete(
    record: ProducerRecord<K, V>,
    key: Buffer | null,
    value: Buffer | null,
    number: number,
    callback: SendCallback | null,
  ): PendingRecord {
    const partition = this.#partition(record, key, value, number);
    const headers = freezeHeaders(record);
    return {
      topic: record.topic,
      partition,
      timestamp: record.timestamp ?? this.#options.clock.now(),
      key,
      value,
      headers,
      sizeUpperBound: this.#checkedSize(record, key, value, headers),
      callback,
      number,
    };
  }

  #traceSerialized(
    { topic }: ProducerRecord<K, V>,
    key: Buffer | null,
    value: Buffer | null,
    record: number,
  ): void {
    const { clock, trace } = this.#options;
    if (trace === null) return;
    const sizes = {
      keySize: key === null ? -1 : key.length,
      valueSize: value === null ? -1 : value.length,
    };
    trace({ stage: 'serialized', atMs: clock.now(), record, topic, ...sizes });
  }

  #partition(record: ProducerRecord<K, V>, key: Buffer | null, value: Buffer | null, number: number): number {
    const { partitioner, cluster, ignoreKeys } = this.#options;
    const { topic } = record;
    if (record.partition !== undefined && record.partition !== null) {
      return this.#chosen(topic, number, record.partition, 'record');
    }
    if (partitioner !== null) {
      const seen = {
        topic,
        key: record.key ?? null,
        keyBytes: key,
        value: record.value ?? null,
        valueBytes: value,
      };
      const partition = partitioner.partition(seen, cluster);
      const count = cluster.partitionsForTopic(topic).length;
      if (!Number.isInteger(partition) || partition < 0 || partition >= count) {
        throw new IllegalArgumentError(
          `The partitioner chose partition ${String(partition)} for ${recordName(record)}: ` +
            `the topic has partitions 0 to ${count - 1}.`,
        );
      }
      return this.#chosen(topic, number, partition, 'partitioner');
    }
    if (key === null || ignoreKeys) return UNKNOWN_PARTITION;
    const count = cluster.partitionsForTopic(topic).length;
    return this.#chosen(topic, number, toPositive(murmur2(key)) % count, 'key');
  }

  #chosen(topic: string, record: number, partition: number, by: 'record' | 'key' | 'partitioner'): number {
    const { trace, clock } = this.#options;
    trace?.({ stage: 'partitioned', atMs: clock.now(), record, topic, partition, by });
    return partition;
  }

  /** The upper bound decides, not the real size, as in Java (G-07, G-08). */
  #checkedSize(
    record: ProducerRecord,
    key: Buffer | null,
    value: Buffer | null,
    headers: readonly Header[],
  ): number {
    const size = estimateUpperBound(key, value, headers);
    const { maxRequestSize, bufferMemory } = this.#options;
    if (size > maxRequestSize) throw tooLarge(record, size, maxRequestSize, 'max.request.size');
    if (size > bufferMemory) throw tooLarge(record, size, bufferMemory, 'buffer.memory');
    return size;
  }
}

/** The same record with bytes of its own, for one that has to wait for memory: its serializer may use its buffer again. */
export function withOwnBytes(record: PendingRecord): PendingRecord {
  const { key, value, headers } = record;
  return { ...record, key: ownBytes(key), value: ownBytes(value), headers: ownHeaders(headers) };
}

function ownBytes(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes);
}

function ownHeaders(headers: readonly Header[]): readonly Header[] {
  return headers.map(({ key, value }) => ({ key, value: ownBytes(value) }));
}

/** A copy of plain data, which a partitioner sees later. An instance of a class is passed as it is: nobody knows how to copy it. */
function ownData<T>(data: T): T {
  if (typeof data !== 'object' || data === null) return data;
  if (data instanceof Uint8Array) return ownBytes(data) as T;
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(data)) return data;
  try {
    return structuredClone(data);
  } catch {
    return data; // it holds a function or something else that cannot be copied
  }
}

function serialize<K, V, T>(
  serializer: Serializer<T>,
  what: 'key' | 'value',
  record: ProducerRecord<K, V>,
  data: T | null | undefined,
): Buffer | null {
  let bytes: Buffer | null;
  try {
    bytes = serializer.serialize(record.topic, data ?? null, record.headers ?? undefined);
  } catch (cause) {
    throw new SerializationError(
      `The ${what} of ${recordName(record)} could not be serialized: ${textOf(cause)}`,
      { cause },
    );
  }
  if (bytes === null || bytes instanceof Uint8Array) return bytes;
  throw new SerializationError(
    `The ${what} of ${recordName(record)} could not be serialized: ` +
      `the ${what}Serializer returned ${typeOf(bytes)} instead of a Buffer or null.`,
  );
}

function typeOf(returned: unknown): string {
  const isObject = typeof returned === 'object' && returned !== null;
  return isObject ? (returned.constructor?.name ?? 'an object') : typeof returned;
}

function tooLarge(record: ProducerRecord, size: number, limit: number, config: string): RecordTooLargeError {
  const name = recordName(record);
  return new RecordTooLargeError(
    `${name[0]!.toUpperCase()}${name.slice(1)} takes up to ${size} bytes, which is more than ${config} allows: ${limit}.`,
  );
}

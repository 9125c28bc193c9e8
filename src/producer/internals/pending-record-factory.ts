import type { TraceListener } from '../../trace/trace-event';
import { IllegalArgumentError, RecordTooLargeError, SerializationError } from '../../protocol/errors';
import type { Cluster, Partitioner } from '../partitioner';
import { freezeHeaders, recordName } from '../producer-record';
import type { Header } from '../../protocol/header';
import type { ProducerRecord } from '../producer-record';
import type { Serializer } from '../serializers';
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

/** Steps 2 and 3 of a record's walk: bytes, and a partition. */
export class PendingRecordFactory<K, V> {
  readonly #options: PendingRecordFactoryOptions<K, V>;

  constructor(options: PendingRecordFactoryOptions<K, V>) {
    this.#options = options;
  }

  /** The topic's partitions are known. Throws for what can never be sent, or not like this. */
  prepare(record: ProducerRecord<K, V>, number: number, callback: SendCallback | null): PendingRecord {
    const { keySerializer, valueSerializer, clock, trace } = this.#options;
    const { topic } = record;
    const key = serialize(keySerializer, 'key', record, record.key);
    const value = serialize(valueSerializer, 'value', record, record.value);
    trace?.({
      stage: 'serialized',
      atMs: clock.now(),
      record: number,
      topic,
      keySize: key === null ? -1 : key.length,
      valueSize: value === null ? -1 : value.length,
    });
    const partition = this.#partition(record, key, value, number);
    const headers = freezeHeaders(record);
    return {
      topic,
      partition,
      timestamp: record.timestamp ?? Date.now(),
      key,
      value,
      headers,
      sizeUpperBound: this.#checkedSize(record, key, value, headers),
      callback,
      number,
    };
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
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SerializationError(`The ${what} of ${recordName(record)} could not be serialized: ${reason}`, {
      cause,
    });
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

import { IllegalArgumentError } from '../protocol/errors';
import { NO_HEADERS } from '../protocol/header';
import type { Header } from '../protocol/header';

/**
 * What `send()` takes: `org.apache.kafka.clients.producer.ProducerRecord` as a plain object. Only the topic is required;
 * undefined and null mean the same.
 */
export interface ProducerRecord<K = unknown, V = unknown> {
  readonly topic: string;
  /** Given here, it wins over the key and over any partitioner. */
  readonly partition?: number | null;
  /** Milliseconds since 1970; the time of `send()` when left out. */
  readonly timestamp?: number | null;
  readonly key?: K | null;
  /** null is a tombstone: in a compacted topic it deletes the key. */
  readonly value?: V | null;
  readonly headers?: readonly Header[] | null;
}

/** Throws what Java's constructor throws (F-12): IllegalArgumentError for a record that could never be sent. */
export function validateRecord(record: ProducerRecord): void {
  if (record === null || typeof record !== 'object') {
    throw new IllegalArgumentError(`A record is an object with a topic; ${String(record)} is not one.`);
  }
  const { topic, partition, timestamp, headers } = record;
  if (typeof topic !== 'string' || topic === '') {
    throw new IllegalArgumentError(`The topic of a record must be a non-empty string, not ${show(topic)}.`);
  }
  if (partition !== undefined && partition !== null && !isNonNegativeInteger(partition)) {
    throw new IllegalArgumentError(
      `The partition of a record for topic ${topic} must be a whole number from 0 on, not ${show(partition)}.`,
    );
  }
  if (timestamp !== undefined && timestamp !== null && !isNonNegativeInteger(timestamp)) {
    throw new IllegalArgumentError(
      `The timestamp of a record for topic ${topic} must be whole milliseconds from 0 on, not ${show(timestamp)}.`,
    );
  }
  if (headers !== undefined && headers !== null) validateHeaders(topic, headers);
}

/** Throws for a callback of send() that is not a function. */
export function validateCallback(record: ProducerRecord, callback: unknown): void {
  if (callback === null || typeof callback === 'function') return;
  throw new IllegalArgumentError(
    `The callback for ${recordName(record)} must be a function, not ${typeof callback}.`,
  );
}

/**
 * How errors name a record: by its topic and, where that is short and can be read, its key. Not by its value, which may be
 * large, or nothing for a log.
 */
export function recordName({ topic, key }: ProducerRecord): string {
  const isShort = (typeof key === 'string' && key.length <= LONGEST_NAMED_KEY) || typeof key === 'number';
  return isShort ? `a record for topic ${topic} with key ${show(key)}` : `a record for topic ${topic}`;
}

const LONGEST_NAMED_KEY = 60;

/** From here on nobody can change the headers (F-14): an attempt throws and the old value stays. */
export function freezeHeaders(record: ProducerRecord): readonly Header[] {
  const { headers } = record;
  if (headers === undefined || headers === null || headers.length === 0) return NO_HEADERS;
  headers.forEach((header) => Object.freeze(header));
  return Object.freeze(headers);
}

function validateHeaders(topic: string, headers: readonly Header[]): void {
  const isArray: boolean = Array.isArray(headers);
  if (!isArray) {
    throw new IllegalArgumentError(
      `The headers of a record for topic ${topic} must be an array of { key, value }, not ${show(headers)}.`,
    );
  }
  for (const header of headers) {
    if (typeof header?.key !== 'string') {
      throw new IllegalArgumentError(
        `A header of a record for topic ${topic} has no key: headers are { key, value }.`,
      );
    }
    if (header.value !== null && !Buffer.isBuffer(header.value)) {
      throw new IllegalArgumentError(
        `The header ${show(header.key)} of a record for topic ${topic} must have a Buffer or null as its value, not ${show(header.value)}.`,
      );
    }
  }
}

function isNonNegativeInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return value.constructor?.name ?? 'an object';
}

// The global Buffer is a getter, which every record would call.
import { Buffer } from 'node:buffer';
import { SerializationError } from '../protocol/errors';
import type { ResolvedConfigValues } from './producer-config-values';
import type { Header } from '../protocol/header';

/**
 * Bytes for a key or a value: `org.apache.kafka.common.serialization.Serializer`. null stays null. A serializer may return the
 * same buffer each time: the producer copies the bytes before send() returns.
 */
export interface Serializer<T> {
  serialize(topic: string, data: T | null, headers?: readonly Header[]): Buffer | null;
  /** Once, before the first record. */
  configure?(config: ResolvedConfigValues, isKey: boolean): void;
  close?(): void;
}

/** UTF-8, byte for byte as Java's, so that a key has the same hash there and here. */
export class StringSerializer implements Serializer<string> {
  serialize(_topic: string, data: string | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (typeof data !== 'string') throw wrongType('StringSerializer', data, 'a string');
    const bytes = Buffer.from(data, 'utf8');
    if (bytes.length === data.length) return bytes; // ASCII, as most keys are
    // Half of a surrogate pair is no character: Java writes a question mark, Node U+FFFD.
    return Buffer.from(data.replace(LONE_SURROGATES, '?'), 'utf8');
  }
}

const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Java's ByteArraySerializer: the bytes as they are, not copied. Takes any Uint8Array. */
export class ByteArraySerializer implements Serializer<Uint8Array> {
  serialize(_topic: string, data: Uint8Array | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (Buffer.isBuffer(data)) return data;
    if (!(data instanceof Uint8Array)) throw wrongType('ByteArraySerializer', data, 'a Buffer or Uint8Array');
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  }
}

/** `JSON.stringify` in UTF-8. What JSON has no form for, such as a bigint or a function, is an error and not left out. */
export class JsonSerializer<T = unknown> implements Serializer<T> {
  serialize(_topic: string, data: T | null): Buffer | null {
    if (isAbsent(data)) return null;
    let text: string | undefined;
    try {
      text = JSON.stringify(data);
    } catch (cause) {
      throw new SerializationError(
        `The JsonSerializer could not serialize it: ${cause instanceof Error ? cause.message : String(cause)}.`,
        { cause },
      );
    }
    if (text === undefined) throw wrongType('JsonSerializer', data, 'something that JSON can express');
    return Buffer.from(text, 'utf8');
  }
}

/** The 36 characters of a UUID, in UTF-8. */
export class UuidSerializer implements Serializer<string> {
  serialize(_topic: string, data: string | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (typeof data !== 'string' || !UUID.test(data)) throw wrongType('UuidSerializer', data, 'a UUID');
    return Buffer.from(data.toLowerCase(), 'utf8');
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One byte: 01 or 00. */
export class BooleanSerializer implements Serializer<boolean> {
  serialize(_topic: string, data: boolean | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (typeof data !== 'boolean') throw wrongType('BooleanSerializer', data, 'true or false');
    return Buffer.from([data ? 1 : 0]);
  }
}

/** 16 bits, big-endian. */
export class ShortSerializer implements Serializer<number> {
  serialize(_topic: string, data: number | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (!isInteger(data, 2 ** 15)) throw wrongType('ShortSerializer', data, 'a whole number of 16 bits');
    const bytes = Buffer.allocUnsafe(2);
    bytes.writeInt16BE(data);
    return bytes;
  }
}

/** 32 bits, big-endian. */
export class IntegerSerializer implements Serializer<number> {
  serialize(_topic: string, data: number | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (!isInteger(data, 2 ** 31)) throw wrongType('IntegerSerializer', data, 'a whole number of 32 bits');
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeInt32BE(data);
    return bytes;
  }
}

/** 64 bits, big-endian; a bigint, since a JavaScript number ends at 53 bits. */
export class LongSerializer implements Serializer<bigint> {
  serialize(_topic: string, data: bigint | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (typeof data !== 'bigint' || BigInt.asIntN(64, data) !== data) {
      throw wrongType('LongSerializer', data, 'a bigint of 64 bits');
    }
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64BE(data);
    return bytes;
  }
}

/** IEEE 754, 32 bits, big-endian. */
export class FloatSerializer implements Serializer<number> {
  serialize(_topic: string, data: number | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (typeof data !== 'number') throw wrongType('FloatSerializer', data, 'a number');
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeFloatBE(data);
    return bytes;
  }
}

/** IEEE 754, 64 bits, big-endian. */
export class DoubleSerializer implements Serializer<number> {
  serialize(_topic: string, data: number | null): Buffer | null {
    if (isAbsent(data)) return null;
    if (typeof data !== 'number') throw wrongType('DoubleSerializer', data, 'a number');
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(data);
    return bytes;
  }
}

function isAbsent(data: unknown): data is null | undefined {
  return data === null || data === undefined;
}

function isInteger(data: unknown, limit: number): data is number {
  return Number.isInteger(data) && (data as number) >= -limit && (data as number) < limit;
}

function wrongType(serializer: string, data: unknown, wanted: string): SerializationError {
  return new SerializationError(`The ${serializer} takes ${wanted} or null, not ${describe(data)}.`);
}

/** "number 42", "Buffer": the kind, and the value where it is short and harmless. */
function describe(data: unknown): string {
  if (typeof data === 'object' && data !== null) return data.constructor?.name ?? 'an object';
  return typeof data === 'number' || typeof data === 'bigint' ? `${typeof data} ${data}` : typeof data;
}

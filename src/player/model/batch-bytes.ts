/** What a stretch of a batch's bytes means. Ends are exclusive. */
export interface ByteField {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly value: string;
  /** Place of the record in the batch that the bytes belong to; -1 for the header. */
  readonly record: number;
}

const HEADER_SIZE = 61;
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/**
 * The fields of a record batch, version 2 (KIP-98), in the order of their bytes. Records that are compressed are one
 * field, since their bytes do not lie apart. Bytes that are no batch give a field that says so.
 */
export function fieldsOfBatch(bytes: Uint8Array): ByteField[] {
  if (bytes.length < HEADER_SIZE || bytes[16] !== 2) {
    return [
      { from: 0, to: bytes.length, name: 'not a record batch', value: `${bytes.length} bytes`, record: -1 },
    ];
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const codec = view.getInt16(21) & 7;
  const fields: ByteField[] = [];
  const field = (from: number, size: number, name: string, value: string | number | bigint): void => {
    fields.push({ from, to: from + size, name, value: String(value), record: -1 });
  };
  field(0, 8, 'base offset', `${view.getBigInt64(0)} (the broker puts the real one here)`);
  field(8, 4, 'batch length', `${view.getInt32(8)} bytes from here on`);
  field(12, 4, 'partition leader epoch', view.getInt32(12));
  field(16, 1, 'magic', `${view.getInt8(16)} (the format's version)`);
  field(17, 4, 'CRC-32C', `0x${view.getUint32(17).toString(16).padStart(8, '0')} of all that follows`);
  field(21, 2, 'attributes', `compression ${CODECS[codec] ?? codec}`);
  field(23, 4, 'last offset delta', view.getInt32(23));
  field(27, 8, 'base timestamp', timeText(view.getBigInt64(27)));
  field(35, 8, 'max timestamp', timeText(view.getBigInt64(35)));
  field(43, 8, 'producer id', view.getBigInt64(43));
  field(51, 2, 'producer epoch', view.getInt16(51));
  field(53, 4, 'base sequence', view.getInt32(53));
  field(57, 4, 'records', view.getInt32(57));
  if (codec === 0) fields.push(...recordFields(bytes, view.getInt32(57)));
  else if (bytes.length > HEADER_SIZE) {
    field(
      HEADER_SIZE,
      bytes.length - HEADER_SIZE,
      'records',
      `${view.getInt32(57)} of them, compressed with ${CODECS[codec] ?? codec}`,
    );
  }
  return fields;
}

function recordFields(bytes: Uint8Array, count: number): ByteField[] {
  const fields: ByteField[] = [];
  let at = HEADER_SIZE;
  const varint = (): number => {
    let raw = 0n;
    for (let shift = 0n; at < bytes.length; shift += 7n) {
      const byte = bytes[at++]!;
      raw |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    return Number((raw >> 1n) ^ -(raw & 1n));
  };
  const read = (name: string, record: number, value: () => string | number): void => {
    const from = at;
    const text = String(value());
    fields.push({ from, to: at, name, value: text, record });
  };
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  for (let record = 0; record < count && at < bytes.length; record++) {
    let end = at;
    read('record length', record, () => {
      const size = varint();
      end = at + size;
      return `${size} bytes`;
    });
    read('attributes', record, () => take(1)[0] ?? 0);
    read('timestamp delta', record, () => `${varint()} ms`);
    read('offset delta', record, varint);
    for (const part of ['key', 'value']) {
      let length = -1;
      read(`${part} length`, record, () => ((length = varint()) === -1 ? 'null' : length));
      if (length > 0) read(part, record, () => textOf(take(length)));
    }
    if (at < end) read('headers', record, () => (take(end - at).length === 1 ? 'none' : 'some'));
  }
  return fields;
}

function timeText(ms: bigint): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 60));
  // eslint-disable-next-line no-control-regex -- bytes that are no text are shown as dots
  return text.replace(/[\u0000-\u001f\ufffd]/g, '·') + (bytes.length > 60 ? '…' : '');
}

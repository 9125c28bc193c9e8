import { compressionOf } from '../../protocol/compression';
import { decodeRecordBatches } from '../../protocol/record-batch-decoder';
import { BATCH_HEADER_SIZE } from '../../protocol/record-batch-format';
import { VarintReader } from '../../protocol/varint';
import { textTable } from '../../support/text-table';

/** A field of one record inside a batch, in the order of the bytes: `org.apache.kafka.common.record.DefaultRecord`. */
export interface RecordField {
  readonly name: string;
  /** From the first byte of the batch as it is without compression. */
  readonly offset: number;
  readonly length: number;
  readonly hex: string;
  readonly value: string;
  readonly meaning: string;
}

const MOST_BYTES_SHOWN = 8;
const MOST_TEXT_SHOWN = 32;

/** The fields of the first record of a batch. `bytes` is one whole batch; its records are decompressed first. */
export function firstRecordFields(bytes: Buffer): RecordField[] {
  const [batch] = decodeRecordBatches(bytes);
  if (batch === undefined || batch.recordCount < 1) {
    throw new RangeError('There is no record in these bytes: pass one whole batch with records in it.');
  }
  const records = compressionOf(batch.compressionType).decompress(batch.bytes.subarray(BATCH_HEADER_SIZE));
  const reader = new VarintReader(records);
  const fields: RecordField[] = [];
  const field = (name: string, meaning: string, read: () => string): void => {
    const from = reader.offset;
    const value = read();
    const raw = records.subarray(from, reader.offset);
    if (raw.length === 0) return;
    fields.push({
      name,
      offset: BATCH_HEADER_SIZE + from,
      length: raw.length,
      hex: hexOf(raw),
      value,
      meaning,
    });
  };
  const varint = (): number => reader.readVarint();
  const text = (length: number): string => (length < 0 ? 'null' : printable(reader.readBytes(length)));

  const size = varint();
  reader.offset = 0;
  field('length', 'bytes of this record from here on', () => String(varint()));
  const end = reader.offset + size;
  field('attributes', 'not used yet', () => String(reader.readByte()));
  field('timestampDelta', 'ms since the baseTimestamp of the batch', () => String(reader.readVarlong()));
  field('offsetDelta', 'place in the batch', () => String(varint()));
  let length = 0;
  field('keyLength', '-1: no key', () => String((length = varint())));
  field('key', 'as the key serializer wrote it', () => text(length));
  field('valueLength', '-1: null, a tombstone', () => String((length = varint())));
  field('value', 'as the value serializer wrote it', () => text(length));
  field('headers', 'how many, then each with its key and value', () => {
    const count = varint();
    reader.readBytes(end - reader.offset);
    return String(count);
  });
  return fields;
}

/** The first record of a batch as text: each field with its bytes, name and value. */
export function recordHexView(bytes: Buffer): string {
  return textTable(
    ['byte', 'bytes', 'field', 'value', ''],
    firstRecordFields(bytes).map(({ offset, hex, name, value, meaning }) => [
      offset,
      hex,
      name,
      value,
      meaning,
    ]),
  );
}

function hexOf(bytes: Buffer): string {
  const hex = bytes
    .subarray(0, MOST_BYTES_SHOWN)
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');
  return bytes.length > MOST_BYTES_SHOWN ? `${hex} … ${bytes.length} bytes` : hex;
}

function printable(bytes: Buffer): string {
  const text = bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '·');
  return text.length > MOST_TEXT_SHOWN ? `${text.slice(0, MOST_TEXT_SHOWN)}…` : text;
}

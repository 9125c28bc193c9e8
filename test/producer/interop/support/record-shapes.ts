import type { Header } from '../../../../src/producer/index';

/** A record without its place, in bytes. */
export interface RecordShape {
  readonly shape: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly Header[];
  readonly timestamp?: number;
}

const text = (value: string) => Buffer.from(value, 'utf8');
const EMPTY = Buffer.alloc(0);
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const UNICODE = 'é ß 日本 ключ 🙂 👩‍🔬 e\u0301 \u202eabc';

/** Bytes that no codec can make much of, the same each time. */
function incompressible(size: number): Buffer {
  let state = 42;
  return Buffer.from(
    Array.from({ length: size }, () => (state = (state * 1_103_515_245 + 12_345) >>> 0) >>> 24),
  );
}

const header = (key: string, value: Buffer | null): Header => ({ key, value });

/** Every shape that a record can have, the odd ones first. */
export const RECORD_SHAPES: readonly RecordShape[] = [
  { shape: 'neither key nor value', key: null, value: null },
  { shape: 'empty key and value', key: EMPTY, value: EMPTY },
  { shape: 'empty key, no value', key: EMPTY, value: null },
  { shape: 'no key, empty value', key: null, value: EMPTY },
  { shape: 'key and value', key: text('key'), value: text('value') },
  { shape: 'no key', key: null, value: text('value') },
  { shape: 'a tombstone', key: text('key'), value: null },
  { shape: 'the word null', key: text('null'), value: text('NULL') },
  { shape: 'what looks like an escape', key: text('\\x00'), value: text('\\u0000 "\t\r\n') },
  { shape: 'unicode', key: text(UNICODE), value: text(UNICODE) },
  { shape: 'every byte', key: ALL_BYTES, value: ALL_BYTES },
  { shape: 'a large key', key: incompressible(20_000), value: text('value') },
  { shape: 'a value as large as a batch', key: text('key'), value: incompressible(16_384) },
  { shape: 'a value of many batches', key: text('key'), value: incompressible(200_000) },
  { shape: 'a value that packs well', key: text('key'), value: Buffer.alloc(300_000, 'x') },
  {
    shape: 'one header',
    key: text('key'),
    value: text('value'),
    headers: [header('trace', text('4bf92f35'))],
  },
  {
    shape: 'headers of one name, in their order',
    key: text('key'),
    value: text('value'),
    headers: [header('again', text('2')), header('other', text('x')), header('again', text('1'))],
  },
  {
    shape: 'odd headers',
    key: null,
    value: null,
    headers: [
      header('', text('no name')),
      header('no value', null),
      header('empty value', EMPTY),
      header('every byte', ALL_BYTES),
      header(UNICODE, text(UNICODE)),
      header('large', incompressible(20_000)),
    ],
  },
  {
    shape: '300 headers',
    key: text('key'),
    value: text('value'),
    headers: Array.from({ length: 300 }, (_, at) => header(`header-${at % 7}`, text(String(at)))),
  },
  { shape: 'the time 0', key: text('key'), value: text('value'), timestamp: 0 },
  {
    shape: 'the last millisecond of 9999',
    key: text('key'),
    value: text('value'),
    timestamp: 253_402_300_799_999,
  },
  { shape: 'a time before the last', key: text('key'), value: text('value'), timestamp: 1_700_000_000_123 },
  ...Array.from({ length: 200 }, (_, at) => ({
    shape: `small record ${at}`,
    key: text(`key-${at % 13}`),
    value: text('x'.repeat(at)),
    timestamp: 1_700_000_000_000 + at,
  })),
];

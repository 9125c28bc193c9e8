import {
  VarintReader,
  sizeOfVarint,
  sizeOfVarlong,
  writeVarint,
  writeVarlong,
} from '../../src/protocol/varint';
import { VARINTS, VARLONGS } from '../vectors/java-vectors';

type Write = (buffer: Buffer, offset: number, value: number) => number;

function written(write: Write, value: number): string {
  const buffer = Buffer.alloc(12);
  const end = write(buffer, 1, value);
  return buffer.toString('hex', 1, end);
}

describe('varint', () => {
  it.each(VARINTS)('L-03 writes %d as %s, reads it back and knows its size', (value, hex) => {
    expect(written(writeVarint, value)).toBe(hex);
    expect(sizeOfVarint(value)).toBe(hex.length / 2);
    expect(new VarintReader(Buffer.from(hex, 'hex')).readVarint()).toBe(value);
  });

  it.each([
    ['no bytes at all', ''],
    ['an end in the middle', 'ff'],
    ['more than 32 bits', 'ffffffff1f'],
    ['more than five bytes', 'ffffffffff01'],
  ])('refuses %s', (_what, hex) => {
    expect(() => new VarintReader(Buffer.from(hex, 'hex')).readVarint()).toThrow(RangeError);
  });
});

describe('varlong', () => {
  it.each(VARLONGS)('L-03 writes %d as %s and knows its size', (value, hex) => {
    expect(written(writeVarlong, value)).toBe(hex);
    expect(sizeOfVarlong(value)).toBe(hex.length / 2);
  });

  const exact = [
    0,
    -1,
    2 ** 31,
    -(2 ** 31) - 1,
    17179869183,
    Number.MAX_SAFE_INTEGER,
    -Number.MAX_SAFE_INTEGER,
  ];
  it.each(exact)('reads %d back exactly', (value) => {
    const bytes = Buffer.from(written(writeVarlong, value), 'hex');
    expect(new VarintReader(bytes).readVarlong()).toBe(value);
    expect(bytes).toHaveLength(sizeOfVarlong(value));
  });

  it('refuses a number that JavaScript cannot hold exactly, and one longer than ten bytes', () => {
    expect(() => new VarintReader(Buffer.from('80808080808080808001', 'hex')).readVarlong()).toThrow(
      /exceeds/,
    );
    expect(() => new VarintReader(Buffer.alloc(12, 0x80)).readVarlong()).toThrow(/longer than 10 bytes/);
  });
});

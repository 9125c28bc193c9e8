import { murmur2, toPositive } from '../../../src/producer/internals/murmur2';
import { MURMUR2_DECIMALS, MURMUR2_EDGES, MURMUR2_OFFICIAL } from '../../vectors/java-vectors';

describe('murmur2', () => {
  it.each(MURMUR2_OFFICIAL)('A-01 hashes "%s" as Java does', (input, hash, positive) => {
    expect(murmur2(Buffer.from(input))).toBe(hash);
    expect(toPositive(hash)).toBe(positive);
  });

  it.each(Object.entries(MURMUR2_DECIMALS))('A-02 hashes the text "%s" as Java does', (input, hash) => {
    expect(murmur2(Buffer.from(input))).toBe(hash);
  });

  it.each(MURMUR2_EDGES)(
    'A-04, A-08 hashes and places the bytes of %s as Java does',
    (_name, bytes, hash, partitionOf3) => {
      expect(murmur2(bytes)).toBe(hash);
      expect(toPositive(hash) % 3).toBe(partitionOf3);
    },
  );
});

describe('toPositive', () => {
  it('A-03 masks the top bit: the lowest int becomes 0, and -1 the highest', () => {
    expect(toPositive(-2147483648)).toBe(0);
    expect(toPositive(-1)).toBe(2147483647);
    expect(toPositive(5)).toBe(5);
  });
});

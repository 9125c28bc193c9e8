import { COMPRESSIONS, codecFor, compressionOf, kafkaJsCodecs } from '../../src/protocol/compression';
import { CompressionRatioEstimator } from '../../src/protocol/compression-ratio-estimator';

const JSON_LINES = Buffer.from(
  Array.from({ length: 2000 }, (_, i) => `{"id":${i},"v":${(i * 7919) % 1000}}`).join('\n'),
);

describe('compression types', () => {
  it('have the numbers that Kafka writes into a batch', () => {
    expect(COMPRESSIONS.map(({ type, id }) => [type, id])).toEqual([
      ['none', 0],
      ['gzip', 1],
      ['snappy', 2],
      ['lz4', 3],
      ['zstd', 4],
    ]);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    '%s makes JSON smaller and gives it back unchanged',
    (type) => {
      const compressed = codecFor(type).compress(JSON_LINES);
      expect(compressed.length).toBeLessThan(JSON_LINES.length / 2);
      expect(compressionOf(type).decompress(compressed).equals(JSON_LINES)).toBe(true);
    },
  );

  it.each([
    ['gzip', 1, 9],
    ['zstd', -20, 19],
  ] as const)('%s packs better at a higher level', (type, low, high) => {
    const packed = (level: number) => codecFor(type, level).compress(JSON_LINES).length;
    expect(packed(high)).toBeLessThan(packed(low));
  });

  it('snappy carries the framing that Kafka expects, and reads bare snappy too', () => {
    const framed = codecFor('snappy').compress(Buffer.alloc(100_000, 'ab'));
    expect(framed.toString('hex', 0, 16)).toBe('82534e41505059000000000100000001');
    const bare = Buffer.from('050461626364650a', 'hex').subarray(0, 1); // only a length: not valid snappy
    expect(() => compressionOf('snappy').decompress(bare)).toThrow();
    expect(() => compressionOf('snappy').decompress(framed.subarray(0, framed.length - 1))).toThrow(
      /ends behind/,
    );
  });

  it('@kafkajs/zstd and this producer read what the other wrote', async () => {
    const theirs = kafkaJsCodecs()[4]!();
    const packed = await theirs.compress({ buffer: JSON_LINES });
    expect(compressionOf('zstd').decompress(packed).equals(JSON_LINES)).toBe(true);
    expect((await theirs.decompress(codecFor('zstd').compress(JSON_LINES))).equals(JSON_LINES)).toBe(true);
  });

  it('names what there is when asked for another', () => {
    expect(() => codecFor('brotli' as 'gzip')).toThrow(/none, gzip, snappy, lz4, zstd/);
  });
});

describe('CompressionRatioEstimator', () => {
  it('J-07 starts at 1, falls by 0.005 at most and rises by 0.05 at least', () => {
    const estimator = new CompressionRatioEstimator();
    expect(estimator.estimation('orders', 'lz4')).toBe(1);
    expect(estimator.updateEstimation('orders', 'lz4', 0.3)).toBeCloseTo(0.995);
    expect(estimator.updateEstimation('orders', 'lz4', 0.994)).toBeCloseTo(0.994);
    expect(estimator.updateEstimation('orders', 'lz4', 0.995)).toBeCloseTo(1.044);
    expect(estimator.updateEstimation('orders', 'lz4', 1.5)).toBe(1.5);
  });

  it('J-07 goes back to max(1, observed) after a split', () => {
    const estimator = new CompressionRatioEstimator();
    estimator.updateEstimation('orders', 'lz4', 0.3);
    estimator.resetEstimation('orders', 'lz4', 0.4);
    expect(estimator.estimation('orders', 'lz4')).toBe(1);
    estimator.resetEstimation('orders', 'lz4', 1.2);
    expect(estimator.estimation('orders', 'lz4')).toBe(1.2);
  });

  it('keeps topics and codecs apart', () => {
    const estimator = new CompressionRatioEstimator();
    estimator.updateEstimation('orders', 'lz4', 0.3);
    expect([estimator.estimation('orders', 'zstd'), estimator.estimation('photos', 'lz4')]).toEqual([1, 1]);
  });
});

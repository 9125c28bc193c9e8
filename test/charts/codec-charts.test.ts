import { bytesByBatchSizeChart } from '../../src/charts/bytes-by-batch-size';
import { codecCostsChart } from '../../src/charts/codec-costs';
import { renderSvg } from '../../src/charts/render';
import { titleOf } from '../../src/charts/theme';

const codec = (type: string, ratio: number, microsecondsPerRecord: number) => ({
  type,
  ratio,
  microsecondsPerRecord,
});

describe('the chart of what codecs cost', () => {
  test('names the tightest codec and the cheapest that halves the bytes', () => {
    const codecs = [
      codec('none', 1, 0),
      codec('gzip', 0.2, 1),
      codec('lz4', 0.3, 0.1),
      codec('snappy', 0.6, 0.05),
    ];
    expect(titleOf(codecCostsChart({ payload: 'Orders', codecs }))).toBe(
      'Orders: gzip leaves the fewest bytes, 20 %; lz4 is the cheapest that halves them',
    );
  });

  test('says so when one codec is both, and when none halves the bytes', () => {
    const both = [codec('none', 1, 0), codec('zstd', 0.2, 1)];
    expect(titleOf(codecCostsChart({ payload: 'Logs', codecs: both }))).toBe(
      'Logs: zstd leaves the fewest bytes, 20 %, and is the cheapest that halves them',
    );
    const neither = [codec('none', 1, 0), codec('zstd', 0.7, 1)];
    expect(titleOf(codecCostsChart({ payload: 'Logs', codecs: neither }))).toBe(
      'Logs: zstd leaves the fewest bytes, 70 %; none halves them',
    );
  });

  test('says that nothing is saved on bytes that are compressed already', () => {
    const codecs = [codec('none', 1, 0.01), codec('gzip', 0.99, 12)];
    expect(titleOf(codecCostsChart({ payload: 'Photos', codecs }))).toBe(
      'Photos: no codec saves anything, and each one costs CPU time',
    );
  });

  test('is drawn with units and both figures of each codec', async () => {
    const svg = await renderSvg(
      codecCostsChart({ payload: 'Orders', codecs: [codec('none', 1, 0), codec('zstd', 0.25, 1.5)] }),
    );
    for (const text of ['bytes left (% of none)', 'CPU (µs per record)', 'zstd', '25', '1.50']) {
      expect(svg).toContain(text);
    }
  });
});

describe('the chart of bytes by batch size', () => {
  const points = [
    { codec: 'none', batchSize: 1, bytesPerRecord: 170 },
    { codec: 'none', batchSize: 16_384, bytesPerRecord: 110 },
    { codec: 'zstd', batchSize: 16_384, bytesPerRecord: 18 },
    { codec: 'zstd', batchSize: 1, bytesPerRecord: 168 },
  ];

  test('says what the best codec makes of the smallest and of the best batch', () => {
    expect(titleOf(bytesByBatchSizeChart({ points }))).toBe(
      'With zstd a record takes 168 bytes in a batch of its own, and 18 at 16 KB',
    );
  });

  test('is drawn with sizes in ascending order and a legend of codecs', async () => {
    const svg = await renderSvg(bytesByBatchSizeChart({ points }));
    expect(svg.indexOf('one record')).toBeLessThan(svg.indexOf('>16 KB<'));
    for (const text of ['batch.size', 'bytes in the log per record', 'none', 'zstd'])
      expect(svg).toContain(text);
  });

  test('can be empty', () => {
    expect(titleOf(bytesByBatchSizeChart({ points: [] }))).toBe('Nothing was measured');
  });
});

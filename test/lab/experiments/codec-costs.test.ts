import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { measureCodecs, storeWithCodecs } from '../../../src/lab/experiments/codec-costs';
import { takePayloads } from '../../../src/lab/load/payloads';

describe('what codecs cost, in the log of the broker', () => {
  let kafka: CourseKafka;
  beforeAll(async () => (kafka = await useKafka()), 120_000);
  afterAll(() => kafka?.stop());

  test('each codec stores every record, in sizes that repeat exactly', async () => {
    const orders = takePayloads('orders', 300, { seed: 1 });
    const first = await storeWithCodecs(kafka, orders, { types: ['none', 'zstd'] });
    expect(first.map(({ type, records }) => ({ type, records }))).toEqual([
      { type: 'none', records: 300 },
      { type: 'zstd', records: 300 },
    ]);
    expect(first[1]!.sizeInBytes).toBeLessThan(first[0]!.sizeInBytes / 2);
    expect(await storeWithCodecs(kafka, orders, { types: ['none', 'zstd'] })).toEqual(first);
  }, 60_000);

  test('a batch.size of 1 holds one record a batch', async () => {
    const orders = takePayloads('orders', 20, { seed: 1 });
    const [stored] = await storeWithCodecs(kafka, orders, { batchSize: 1, types: ['lz4'] });
    expect(stored!.batches).toBe(20);
  }, 60_000);

  test('ratios are against none, and compressing costs time', async () => {
    const codecs = await measureCodecs(kafka, takePayloads('photos', 20, { seed: 1 }));
    const [none, gzip] = codecs;
    expect(none!.ratio).toBe(1);
    expect(gzip!.ratio).toBe(gzip!.sizeInBytes / none!.sizeInBytes);
    expect(gzip!.microsecondsPerRecord).toBeGreaterThan(none!.microsecondsPerRecord);
  }, 60_000);

  test('nothing to measure is an error', async () => {
    await expect(measureCodecs(kafka, [])).rejects.toThrow('There is nothing to measure');
  }, 60_000);
});

import { batchFillChart } from '../../src/charts/batch-fill';
import { placementsChart, recordsInARow } from '../../src/charts/placements';
import { queueWeightsChart } from '../../src/charts/queue-weights';
import { renderSvg } from '../../src/charts/render';
import { spansChart } from '../../src/charts/spans';
import { titleOf } from '../../src/charts/theme';
import { BuiltInPartitioner } from '../../src/producer/index';

/** The text of the picture, without the space that Vega sets between words as it likes. */
const textsIn = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

test('queue weights: the title is computed, and the weights are those of the producer itself', async () => {
  const queues = [5, 0, 3, 0, 1];
  const texts = textsIn(await renderSvg(queueWeightsChart({ queues, partition: 0 })));
  expect(texts).toContain('5 batches wait for partition 0: it gets 5 % of the keyless records');
  const partitioner = new BuiltInPartitioner('orders', 1, Math.random);
  partitioner.updateLoadStats(queues, [0, 1, 2, 3, 4], false);
  const cumulative = partitioner.cumulativeWeights ?? [];
  const weights = cumulative.map((sum, index) => sum - (cumulative[index - 1] ?? 0));
  for (const [index, weight] of weights.entries()) expect(texts).toContain(`${queues[index]} → ${weight}`);
});

test('batch fill: from which rate on batches are full follows from linger.ms and batch.size', async () => {
  const spec = batchFillChart({ bytesPerRecord: 128, lingerMs: 50, batchSizeKilobytes: 16, measured: [] });
  // 128 records fit; 127 more have to come within 50 ms.
  expect(textsIn(await renderSvg(spec))).toContain(
    'From 2,540 records/s on, batches are full before 50 ms are over',
  );
});

test('placements: the title says how many records in a row stay together', async () => {
  expect(recordsInARow([0, 0, 1, 1, 1, 0])).toBe(2);
  const series = [
    { name: 'sticky', partitions: [0, 0, 0, 1, 1, 1] },
    { name: 'round robin', partitions: [0, 1, 0, 1, 0, 1] },
  ];
  const spec = placementsChart({ series });
  expect(titleOf(spec)).toBe(
    'Sticky: 3 records in a row for a partition Round robin: 1 record in a row for a partition',
  );
  await expect(renderSvg(spec)).resolves.toContain('<svg');
  await expect(renderSvg(placementsChart({ series: [{ name: 'none', partitions: [] }] }))).resolves.toContain(
    '<svg',
  );
});

test('spans: a bar for each of those who are compared, also when it took no time', async () => {
  const span = { row: 'A', from: 10, to: 10, kind: 'at once' };
  const spans = [
    { ...span, series: 'Kafka’s' },
    { ...span, series: 'yours', to: 30, kind: 'waits' },
  ];
  const texts = textsIn(await renderSvg(spansChart({ spans, measure: 'ms', title: 'Yours waits' })));
  for (const text of ['Kafka’s', 'yours', 'at once', 'waits']) expect(texts).toContain(text);
});

import { batchDeparturesChart } from '../../src/charts/batch-departures';
import { logLayoutChart } from '../../src/charts/log-layout';
import { memoryUseChart } from '../../src/charts/memory-use';
import { renderSvg } from '../../src/charts/render';
import { titleOf } from '../../src/charts/theme';

describe('why batches left', () => {
  const limits = { batchSize: 2_048, lingerMs: 10 };

  test('is counted by reason in the title, and drawn with both limits', async () => {
    const spec = batchDeparturesChart({
      ...limits,
      batches: [
        { waitedMs: 2, sizeInBytes: 2_048, reason: 'full' },
        { waitedMs: 3, sizeInBytes: 2_050, reason: 'full' },
        { waitedMs: 10, sizeInBytes: 400, reason: 'linger' },
      ],
    });
    expect(titleOf(spec)).toBe('Why 3 batches left: 2 full, 1 linger');
    const svg = await renderSvg(spec);
    for (const text of ['linger.ms 10', 'waited (ms)', 'full', 'linger']) expect(svg).toContain(text);
  });

  test('names batches that had no reason', () => {
    const spec = batchDeparturesChart({
      ...limits,
      batches: [{ waitedMs: 0, sizeInBytes: 90, reason: 'no reason' }],
    });
    expect(titleOf(spec)).toContain('1 no reason');
  });
});

describe('memory over time', () => {
  const sample = (atMs: number, availableBytes: number, waiting: number) => ({
    atMs,
    availableBytes,
    waiting,
  });

  test('says how many waited, and that all came back', async () => {
    const spec = memoryUseChart({
      totalBytes: 1_000,
      samples: [sample(5, 1_000, 0), sample(6, 0, 3), sample(9, 1_000, 0)],
    });
    expect(titleOf(spec)).toBe('Up to 3 waited for 1,000 bytes of memory, and all of it came back');
    await expect(renderSvg(spec)).resolves.toContain('free (bytes)');
  });

  test('says how much never came back', () => {
    const spec = memoryUseChart({ totalBytes: 1_000, samples: [sample(5, 1_000, 0), sample(9, 900, 0)] });
    expect(titleOf(spec)).toContain('100 bytes never came back');
  });

  test('keeps the last of many samples', () => {
    const samples = Array.from({ length: 5_001 }, (_, index) => sample(index, index, 0));
    const values = (memoryUseChart({ totalBytes: 1, samples }).data as { values: { atMs: number }[] }).values;
    expect(values.length).toBeLessThan(700);
    expect(values.at(-1)!.atMs).toBe(5_000);
  });
});

test('the layout of a log has a bar for each batch and tells which were sent again', async () => {
  const batch = {
    partition: 0,
    baseOffset: 0,
    recordCount: 5,
    baseSequence: 0,
    producerEpoch: 0,
    sentAgain: false,
  };
  const spec = logLayoutChart({
    partitions: 2,
    batches: [batch, { ...batch, baseOffset: 5, baseSequence: 5, sentAgain: true }],
  });
  expect(titleOf(spec)).toBe('2 batches in the log, 1 of them sent more than once');
  await expect(renderSvg(spec)).resolves.toContain('sent again');
});

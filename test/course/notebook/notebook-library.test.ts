import { chartBundle } from '../../../src/course/notebook/chart';
import { claim, expectError } from '../../../src/course/notebook/expect';
import type { MimeBundle } from '../../../src/course/notebook/kernel-host';
import { progress, progressLine } from '../../../src/course/notebook/progress';
import { tableBundle } from '../../../src/course/notebook/table';
import { partitionDistributionChart } from '../../../src/charts/partition-distribution';
import { standInForKernel } from '../../support/stand-in-kernel';

let remove: () => void;
let shown: { data: MimeBundle; id: string | undefined; update: boolean }[];
let printed: string[];

/** Remembers what would stand beneath the cell. */
beforeEach(() => {
  shown = [];
  printed = [];
  remove = standInForKernel((data, id, update) => void shown.push({ data, id, update }));
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => {
  remove();
  jest.restoreAllMocks();
});

test('a chart is one output: interactive, as a picture and as text, and without HTML, which would win', async () => {
  const bundle = await chartBundle(partitionDistributionChart({ measured: [1, 2] }), 'as text');
  expect(Object.keys(bundle)).toEqual(['application/vnd.vegalite.v5+json', 'image/png', 'text/plain']);
  expect(
    Buffer.from(bundle['image/png'] as string, 'base64')
      .subarray(1, 4)
      .toString('latin1'),
  ).toBe('PNG');
  expect(bundle['text/plain']).toBe('as text');
});

describe('progress in place', () => {
  const texts = () => shown.map(({ data }) => data['text/plain']);

  test('begins at nothing, ends at what was done, in one output that is replaced', async () => {
    await progress('Sending', 4, (bar) => {
      bar.advance(4);
      return Promise.resolve();
    });
    expect(texts()[0]).toBe(progressLine('Sending', 0, 4));
    expect(texts()[texts().length - 1]).toBe(progressLine('Sending', 4, 4));
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
    expect(shown.map(({ update }) => update)).toEqual([false, ...shown.slice(1).map(() => true)]);
  });

  test('says how far it came when the work fails, and passes the failure on', async () => {
    const failing = progress('Sending', 4, (bar) => {
      bar.advance(1);
      return Promise.reject(new Error('no broker'));
    });
    await expect(failing).rejects.toThrow('no broker');
    expect(texts()[texts().length - 1]).toBe(`${progressLine('Sending', 1, 4)}  (stopped)`);
  });

  test('a line is as long at the end as at the beginning', () => {
    expect(progressLine('Sending', 0, 9)).toHaveLength(progressLine('Sending', 9, 9).length);
  });
});

test('a table as text sets numbers right, and as HTML escapes what is in it', () => {
  const bundle = tableBundle([
    { name: 'a<b', records: 1200 },
    { name: 'c', records: 5n },
  ]);
  expect(bundle['text/plain']).toBe(
    ['name  records', '────  ───────', 'a<b     1,200', 'c           5'].join('\n'),
  );
  expect(bundle['text/html']).toContain('a&lt;b');
});

describe('claims', () => {
  test('one that holds is ticked off', () => {
    claim(true, 'nothing was lost');
    expect(printed).toEqual(['✓ nothing was lost']);
  });

  test('one that does not hold fails the cell', () => {
    expect(() => claim(false, 'nothing was lost')).toThrow(/"nothing was lost".*not what was measured/);
  });

  test('an expected error is shown, also one that is no Error', async () => {
    await expectError(() => Promise.reject(new RangeError('too large')));
    await expectError(() => {
      throw undefined; // eslint-disable-line @typescript-eslint/only-throw-error -- what a learner's code may do
    });
    expect(printed).toEqual(['As expected: RangeError: too large', 'As expected: undefined']);
  });

  test('an expected error that does not come fails the cell', async () => {
    await expect(expectError(() => Promise.resolve())).rejects.toThrow(/expected to fail/);
  });
});

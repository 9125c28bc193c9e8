import { batchAnswersChart } from '../../src/charts/batch-answers';
import type { AnsweredBatch } from '../../src/charts/batch-answers';
import { renderSvg } from '../../src/charts/render';
import { titleOf } from '../../src/charts/theme';

const series = ['the broker', 'your log'] as const;
const written: AnsweredBatch = {
  label: '0×2',
  answers: ['appended', 'appended'],
  details: ['appended @ 0', 'appended @ 0'],
};
const otherOffset: AnsweredBatch = {
  label: '2×1',
  answers: ['duplicate', 'duplicate'],
  details: ['duplicate @ 2', 'duplicate @ 5'],
};

describe('answers to batches beside each other', () => {
  test('agree in the title when every answer is the same, offsets included', () => {
    const spec = batchAnswersChart({ series, rows: [{ name: 'a row', batches: [written, written] }] });
    expect(titleOf(spec)).toBe('The broker and your log agree on all 2 batches');
  });

  test('differ in the title when only an offset does, and tell a screen reader where', () => {
    const spec = batchAnswersChart({ series, rows: [{ name: 'a row', batches: [written, otherOffset] }] });
    expect(titleOf(spec)).toBe('The broker and your log differ on 1 of 2 batches');
    expect(spec.description).toContain('2×1 the broker: duplicate @ 2, your log: duplicate @ 5');
  });

  test('are drawn with a label for each batch, a name for each row and a colour only for what was answered', async () => {
    const svg = await renderSvg(
      batchAnswersChart({ series, rows: [{ name: 'one sent again', batches: [written, otherOffset] }] }),
    );
    for (const text of ['0×2', '2×1', 'one sent again', 'appended', 'duplicate']) expect(svg).toContain(text);
    expect(svg).not.toContain('invalid-producer-epoch');
  });

  test('can be drawn when there are none', async () => {
    const spec = batchAnswersChart({ series, rows: [] });
    expect(titleOf(spec)).toBe('There are no batches to compare');
    await expect(renderSvg(spec)).resolves.toContain('<svg');
  });
});

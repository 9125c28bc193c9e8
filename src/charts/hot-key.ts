import { totalRecords, type RecordsPerPartition } from './distribution-finding';
import { formatCount } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface HotKey {
  /** Records per partition of all other keys; the index is the partition. */
  readonly others: RecordsPerPartition;
  /** The partition of the hot key. */
  readonly partition: number;
  /** Where the slider begins: the hot key's share of all records, in percent. */
  readonly percent: number;
}

/**
 * Draws records per partition while one key takes a growing share of them: a slider, and bars that follow. Computed from the
 * distribution of the other keys, not measured; the total stays the same.
 */
export function hotKeyChart({ others, partition: hot, percent }: HotKey): VegaLiteSpec {
  const total = totalRecords(others);
  const share = `${hot} == datum.number`;
  const mean = total / others.length;
  const hottest = `round(100 * ((1 - hotKeyPercent / 100) * ${others[hot] ?? 0} + hotKeyPercent / 100 * ${total}) / ${total})`;
  return chartSpec(
    {
      title: `One hot key and partition ${hot}`,
      subtitle: `Drag the slider: ${formatCount(total)} records in all. The line is an equal share for each partition.`,
      description:
        `Bar chart with a slider: the share of one hot key, whose partition is ${hot}, and the records per partition ` +
        `that follow from it. At ${percent} % the partition holds far more than its equal share of ${formatCount(Math.round(mean))} records.`,
    },
    {
      title: {
        text: {
          expr: `'A key with ' + hotKeyPercent + ' % of the records: partition ${hot} holds ' + ${hottest} + ' % of all'`,
        },
        subtitle: `Drag the slider. ${formatCount(total)} records in all; the line is an equal share for each partition.`,
      },
      params: [
        {
          name: 'hotKeyPercent',
          value: percent,
          bind: { input: 'range', min: 0, max: 90, step: 5, name: 'share of the hot key in % ' },
        },
      ],
      data: { values: others.map((records, number) => ({ partition: String(number), number, records })) },
      transform: [
        {
          calculate: `datum.records * (1 - hotKeyPercent / 100) + (${share} ? ${total} * hotKeyPercent / 100 : 0)`,
          as: 'shown',
        },
        { calculate: `${share} ? 'with the hot key' : 'other partitions'`, as: 'kind' },
      ],
      layer: [
        {
          mark: { type: 'bar', cornerRadiusEnd: 2 },
          encoding: {
            x: {
              field: 'partition',
              type: 'nominal',
              sort: null,
              title: 'partition',
              scale: { paddingInner: 0.25, paddingOuter: 0.15 },
            },
            y: {
              field: 'shown',
              type: 'quantitative',
              title: 'records',
              scale: { domain: [0, total] },
              axis: { format: ',d', tickCount: 5 },
            },
            color: {
              field: 'kind',
              type: 'nominal',
              scale: {
                domain: ['with the hot key', 'other partitions'],
                range: [COLOURS.vermillion, COLOURS.blue],
              },
            },
            tooltip: [
              { field: 'partition', title: 'partition' },
              { field: 'shown', type: 'quantitative', title: 'records', format: ',.0f' },
            ],
          },
        },
        {
          data: { values: [{ mean }] },
          mark: { type: 'rule', strokeDash: [5, 4], color: COLOURS.black },
          encoding: { y: { field: 'mean', type: 'quantitative' } },
        },
      ],
    },
  );
}

import { formatShare } from './format-number';
import { chartSpec, COLOURS } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

export interface QueueWeights {
  /** Batches that wait for each partition's leader; the index is the partition. */
  readonly queues: readonly number[];
  /** The partition whose queue the slider changes. */
  readonly partition: number;
}

const LONGEST_QUEUE = 20;

/**
 * Draws KIP-794's rule with a slider: how often a partition is drawn for records without a key, given the queues in front of the
 * leaders. Computed, not measured: the weight is longest + 1 − own queue.
 */
export function queueWeightsChart({ queues, partition: slow }: QueueWeights): VegaLiteSpec {
  const others = queues.filter((_queue, partition) => partition !== slow);
  const longest = `max(queueOfSlow, ${Math.max(0, ...others)})`;
  const total = `(${longest} + 1 - queueOfSlow + ${others.length} * (${longest} + 1) - ${sum(others)})`;
  const queue = `(datum.number == ${slow} ? queueOfSlow : datum.queue)`;
  const start = queues[slow] ?? 0;
  const weights = queues.map((own) => Math.max(...queues) + 1 - own);
  const share = (weights[slow] ?? 0) / sum(weights);
  const equal = 100 / queues.length;
  const order = queues.map((_queue, partition) => String(partition));
  const x = {
    field: 'partition',
    type: 'nominal',
    sort: order,
    title: 'partition',
    scale: { paddingInner: 0.3, paddingOuter: 0.2 },
  };
  const y = {
    field: 'percent',
    type: 'quantitative',
    title: 'share of the keyless records (%)',
    scale: { domain: [0, 50] },
    axis: { tickCount: 5 },
  };
  return chartSpec(
    {
      title: `How often partition ${slow} is drawn`,
      description:
        `Bar chart with a slider: the queue in front of partition ${slow}, and the share of keyless records that each ` +
        `partition gets. With queues of ${queues.join(', ')} batches the weights are ${weights.join(', ')}, so partition ` +
        `${slow} gets ${formatShare(share)} instead of ${formatShare(1 / queues.length)}.`,
    },
    {
      height: 220,
      title: {
        text: {
          expr:
            `queueOfSlow + (queueOfSlow == 1 ? ' batch waits' : ' batches wait') + ' for partition ${slow}: it gets ' + ` +
            `format(100 * (${longest} + 1 - queueOfSlow) / ${total}, '.0f') + ' % of the keyless records'`,
        },
        subtitle: 'Drag the slider. The line is an equal share; above each bar stand queue → weight.',
      },
      params: [
        {
          name: 'queueOfSlow',
          value: start,
          bind: {
            input: 'range',
            min: 0,
            max: LONGEST_QUEUE,
            step: 1,
            name: `queue of partition ${slow} (batches) `,
          },
        },
      ],
      data: { values: queues.map((own, number) => ({ partition: String(number), number, queue: own })) },
      transform: [
        { calculate: queue, as: 'waiting' },
        { calculate: `${longest} + 1 - ${queue}`, as: 'weight' },
        { calculate: `100 * datum.weight / ${total}`, as: 'percent' },
        { calculate: `datum.waiting + ' → ' + datum.weight`, as: 'label' },
        { calculate: `datum.number == ${slow} ? 'the slow one' : 'others'`, as: 'kind' },
      ],
      layer: [
        {
          mark: { type: 'bar', cornerRadiusEnd: 2 },
          encoding: {
            x,
            y,
            color: {
              field: 'kind',
              type: 'nominal',
              scale: { domain: ['the slow one', 'others'], range: [COLOURS.vermillion, COLOURS.blue] },
              legend: null,
            },
            tooltip: [
              { field: 'partition', title: 'partition' },
              { field: 'waiting', title: 'batches in its queue' },
              { field: 'weight', title: 'weight' },
              { field: 'percent', type: 'quantitative', title: 'share (%)', format: '.1f' },
            ],
          },
        },
        {
          mark: { type: 'text', baseline: 'bottom', dy: -4, fontSize: 12 },
          encoding: { x, y, text: { field: 'label' } },
        },
        {
          data: { values: [{ equal }] },
          mark: { type: 'rule', strokeDash: [5, 4], color: COLOURS.black },
          encoding: { y: { field: 'equal', type: 'quantitative' } },
        },
      ],
    },
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

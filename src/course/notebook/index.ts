/** What notebooks import; the producer itself is in `src/producer/index`. */
export { hotKeyChart } from '../../charts/hot-key';
export { partitionComparisonChart, partitionDistributionChart } from '../../charts/partition-distribution';
export { textDistribution } from '../../charts/text-chart';
export { chart, liveChart } from './chart';
export { claim, expectError } from './expect';
export {
  openKafka,
  type NotebookKafka,
  type NotebookRecord,
  type NotebookSendOptions,
  type StoredRecord,
} from './notebook-kafka';
export { progress, type Progress } from './progress';
export { table } from './table';
export { tryKeyPartitioner } from './try-partitioner';

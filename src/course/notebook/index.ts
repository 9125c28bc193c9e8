/** What notebooks import; the producer itself is in `src/producer/index`. */
export { batchDeparturesChart } from '../../charts/batch-departures';
export { batchLanesChart, batchSpans } from '../../charts/batch-lanes';
export { bufferUseChart } from '../../charts/buffer-use';
export { comparedBarsChart } from '../../charts/compared-bars';
export { hotKeyChart } from '../../charts/hot-key';
export { logRepeatsChart } from '../../charts/log-repeats';
export { memoryUseChart } from '../../charts/memory-use';
export { partitionComparisonChart, partitionDistributionChart } from '../../charts/partition-distribution';
export { recordWalkChart, walkOf } from '../../charts/record-walk';
export { requestsInFlightChart } from '../../charts/requests-in-flight';
export { textDistribution } from '../../charts/text-chart';
export { chart, liveChart } from './chart';
export { configRows, configTable } from './config-table';
export { courseMap, exercisesOf } from './course-map';
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
export { tryBatchReadiness } from './try-batch-readiness';
export { tryKeyPartitioner } from './try-partitioner';
export { bytesByBatchSizeChart } from '../../charts/bytes-by-batch-size';
export { codecCostsChart } from '../../charts/codec-costs';
export { metricsOfClient, openLab, type NotebookLab } from './notebook-lab';
export { raceProducers, solvedParts } from './own-producer';
export { tryChoices } from './try-choices';
export { trySerializer } from './try-serializer';

/** What notebooks import; the producer itself is in `src/producer/index`. */
export { batchDeparturesChart } from '../../charts/batch-departures';
export { batchFillChart } from '../../charts/batch-fill';
export { batchLanesChart, batchSpans } from '../../charts/batch-lanes';
export { bufferUseChart } from '../../charts/buffer-use';
export { comparedBarsChart } from '../../charts/compared-bars';
export { hotKeyChart } from '../../charts/hot-key';
export { logRepeatsChart } from '../../charts/log-repeats';
export { memoryUseChart } from '../../charts/memory-use';
export { partitionComparisonChart, partitionDistributionChart } from '../../charts/partition-distribution';
export { placementsChart } from '../../charts/placements';
export { queueWeightsChart } from '../../charts/queue-weights';
export { recordWalkChart, walkOf } from '../../charts/record-walk';
export { requestsInFlightChart } from '../../charts/requests-in-flight';
export { textDistribution } from '../../charts/text-chart';
export { chart, liveChart } from './chart';
export { configRows, configTable } from './config-table';
export { courseMap, exercisesOf } from './course-map';
export { claim, expectError } from './expect';
export { gradeHere } from './grade-here';
export {
  openKafka,
  type NotebookKafka,
  type NotebookRecord,
  type NotebookSendOptions,
  type StoredRecord,
} from './notebook-kafka';
export { play } from './play';
export { progress, type Progress } from './progress';
export { table } from './table';
export { withThreeBrokers } from './three-brokers';
export { tryBatchReadiness } from './try-batch-readiness';
export { tryBufferPool } from './try-buffer-pool';
export { tryConfig } from './try-config';
export { tryIdempotenceRules } from './try-idempotence-rules';
export { tryPartitionLog } from './try-partition-log';
export { tryPartitioner } from './try-partitioner';
export { tryReliability } from './try-reliability';
export { trySequenceTracker } from './try-sequence-tracker';
export { bytesByBatchSizeChart } from '../../charts/bytes-by-batch-size';
export { codecCostsChart } from '../../charts/codec-costs';
export { measureJavaBeside } from './java-beside';
export { metricsOfClient, openLab, type NotebookLab } from './notebook-lab';
export { raceProducers, solvedParts } from './own-producer';
export { tryChoices } from './try-choices';
export { trySerializer } from './try-serializer';

import type { CourseKafka } from '../../../src/broker/index';
import { WrongAnswer } from '../../../src/course/grading/wrong-answer';
import { KafkaError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';
import { runSteppedLoad } from './stepped-load';
import type { SteppedLoad, SteppedLoadReport } from './stepped-load';

export interface ComparedLoads {
  readonly defaults: SteppedLoadReport;
  readonly answer: SteppedLoadReport;
}

/** The same load with Kafka's defaults and with the answer. */
export async function compareLoads(
  kafka: CourseKafka,
  config: ProducerConfig,
  load: SteppedLoad,
): Promise<ComparedLoads> {
  const defaults = await runSteppedLoad(kafka, {}, load);
  return { defaults, answer: await runAnswersLoad(kafka, config, load) };
}

/** What the producer makes of the load with the answer's config, and of every record in it. */
export async function runAnswersLoad(
  kafka: CourseKafka,
  config: ProducerConfig,
  load: SteppedLoad,
): Promise<SteppedLoadReport> {
  const report = await runSteppedLoad(kafka, config, load).catch((error: unknown) => {
    // A broker that is away fails the defaults, too; that is nobody's wrong answer.
    if (!(error instanceof KafkaError)) throw error;
    return error;
  });
  const sent = load.values.length;
  const stored = report instanceof Error ? 0 : recordsIn(report);
  if (!(report instanceof Error) && stored === sent) return report;
  if (report instanceof Error)
    await runSteppedLoad(kafka, {}, { ...load, values: load.values.slice(0, 100) });
  throw new WrongAnswer({
    seen:
      report instanceof Error
        ? `the load broke off with this config: ${report.name}: ${report.message}`
        : `${stored} records in the broker's log`,
    expected: `${sent} records delivered, each once`,
    readOn: 'notebook 02-configuration',
  });
}

const recordsIn = ({ batches }: SteppedLoadReport): number =>
  batches.reduce((sum, { recordCount }) => sum + recordCount, 0);

export function recordsPerBatch(report: SteppedLoadReport): number {
  return recordsIn(report) / report.batches.length;
}

export function bytesPerRecord(report: SteppedLoadReport): number {
  return report.batches.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0) / recordsIn(report);
}

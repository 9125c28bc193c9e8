import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { lockedKafkaVersion } from '../../broker/embedded/jars';
import { provisionKafkaTools } from '../../broker/embedded/provision';
import { CourseError } from '../../support/course-error';
import { contenderNamed, REFERENCE } from '../../lab/load/contenders/contender';
import type { BenchJob, BenchTools } from '../../lab/load/contenders/job';
import { benchValues, writePayloadFile } from '../../lab/load/contenders/payload-file';
import { runContender } from '../../lab/load/contenders/run-contender';
import type { NotebookKafka } from './notebook-kafka';

export interface JavaBesideOptions {
  readonly records?: number;
  readonly warmupRecords?: number;
  readonly onRun?: () => void;
}

/** Records per second of both, once each. */
export interface JavaBesideFigures {
  readonly java: number;
  readonly ours: number;
  /** Ours over Java's. */
  readonly ratio: number;
  readonly records: number;
  readonly warmupRecords: number;
  /** The version of Java's client that ran. */
  readonly javaClient: string;
}

export interface JavaBeside {
  /** null where Java could not be measured: `whyNot` is one sentence then. */
  readonly figures: JavaBesideFigures | null;
  readonly whyNot: string | null;
}

const OURS = 'ours lz4';
const SIZE_IN_BYTES = 100;
const PARTITIONS = 6;
const LINGER_MS = 50;
/** Enough for a JVM to have compiled what matters, and for a second or so of steady state. */
const RECORDS = 500_000;
const WARM_UP = 300_000;

/** Runs Java's producer, driven by Kafka's own tool, and ours on one broker: warm, one run each, each in its own process. */
export async function measureJavaBeside(
  { kafka }: Pick<NotebookKafka, 'kafka'>,
  { records = RECORDS, warmupRecords = WARM_UP, onRun }: JavaBesideOptions = {},
): Promise<JavaBeside> {
  const tools = await findTools(kafka);
  if (typeof tools === 'string') return { figures: null, whyNot: tools };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-java-'));
  try {
    const payloadFile = path.join(folder, 'values');
    writePayloadFile(payloadFile, benchValues(SIZE_IN_BYTES));
    const rateOf = async (name: string): Promise<number> => {
      const rate = await withTopic(kafka, { name: 'java-beside', partitions: PARTITIONS }, async (topic) => {
        const contender = contenderNamed(name);
        const job: BenchJob = {
          ...{ contender, kafka, topic, payloadFile, tools },
          ...{ warmupRecords, records, lingerMs: LINGER_MS },
        };
        const measured = await runContender(job);
        return (measured.records * 1000) / measured.durationMs;
      });
      onRun?.();
      return rate;
    };
    const java = await rateOf(REFERENCE);
    const ours = await rateOf(OURS);
    const javaClient = lockedKafkaVersion();
    const figures = { java, ours, ratio: ours / java, records, warmupRecords, javaClient };
    return { figures, whyNot: null };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the tools, or why there are none. They need the embedded broker's Java and are fetched when first needed. */
async function findTools({ kind }: KafkaDescription): Promise<BenchTools | string> {
  if (kind !== 'embedded') {
    return `Java's producer is measured beside an embedded broker only, and this one is ${kind}: npm run bench compares the two.`;
  }
  try {
    const { java, classPath } = await provisionKafkaTools({ onProgress: (line) => console.log(line) });
    return { java, classPath, python: null };
  } catch (error) {
    if (!(error instanceof CourseError)) throw error;
    return `Java's producer could not be measured here. ${error.message}`;
  }
}

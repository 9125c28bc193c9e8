import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Kafka } from 'kafkajs';
import { kafkaJsConfig, withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { contenderNamed, REFERENCE } from '../../lab/load/contenders/contender';
import type { Contender } from '../../lab/load/contenders/contender';
import type { BenchJob, BenchTools, Measurement } from '../../lab/load/contenders/job';
import { benchValues, writePayloadFile } from '../../lab/load/contenders/payload-file';
import { orderOfRound, shareOf } from './plan';
import type { BenchPlan, Workload } from './plan';
import { runContender } from '../../lab/load/contenders/run-contender';
import { summarize } from './result';
import type { BenchRow, BenchRun } from './result';

export interface BenchFailure {
  readonly name: string;
  readonly sizeInBytes: number;
  readonly round: number;
  readonly message: string;
}

export interface BenchResult {
  readonly throughput: readonly BenchRow[];
  /** At a steady rate with linger 0. */
  readonly paced: readonly BenchRow[];
  readonly scaling: readonly BenchRow[];
  readonly failures: readonly BenchFailure[];
}

export interface BenchOptions {
  readonly kafka: KafkaDescription;
  readonly tools: BenchTools;
  readonly plan: BenchPlan;
  readonly onRun?: (what: string, measurement: Measurement | Error) => void;
}

interface Scenario {
  readonly contender: Contender;
  readonly workload: Workload;
  readonly lingerMs: number;
  readonly recordsPerSecond?: number;
}

const LINGER_MS = 50;
const PACED = ['Java none', 'ours none'];
const SCALED = [REFERENCE, 'ours lz4'];

/** Runs the plan, one contender at a time, every round through all of them. */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { plan } = options;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kafka-bench-'));
  const session = new BenchSession(options, folder);
  try {
    const saturating = (contender: Contender, workload: Workload): Scenario => ({
      contender,
      workload: shareOf(contender, workload),
      lingerMs: LINGER_MS,
    });
    const { workload, recordsPerSecond } = plan.paced;
    const paced = chosen(PACED, plan).map((contender) => ({
      contender,
      workload,
      lingerMs: 0,
      recordsPerSecond,
    }));
    const throughput = plan.throughput.map((one) => plan.contenders.map((who) => saturating(who, one)));
    const scaling = plan.scaling.map((one) => chosen(SCALED, plan).map((who) => saturating(who, one)));
    await session.warmUpBroker(throughput[0]?.[0]);
    const names = plan.contenders.map(({ name }) => name);
    return {
      throughput: (await session.rounds(throughput)).flatMap((runs) => summarize(runs, names)),
      paced: (await session.rounds([paced])).flatMap((runs) => summarize(runs, PACED)),
      scaling: (await session.rounds(scaling)).flatMap((runs) => summarize(runs, SCALED)),
      failures: session.failures,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of these, those that take part. */
function chosen(names: readonly string[], plan: BenchPlan): Contender[] {
  return names.map(contenderNamed).filter((contender) => plan.contenders.includes(contender));
}

class BenchSession {
  readonly failures: BenchFailure[] = [];
  readonly #payloadFiles = new Map<number, string>();

  constructor(
    private readonly options: BenchOptions,
    private readonly folder: string,
  ) {}

  /** A broker is a Java program, too: the first to send to a cold one would pay for the others. */
  async warmUpBroker(scenario: Scenario | undefined): Promise<void> {
    if (scenario === undefined) return;
    await this.#measure(scenario).catch(() => null); // it fails again, and is reported, when its turn comes
  }

  /** For each group, the runs of all rounds. A contender that fails leaves a failure and the others go on. */
  async rounds(groups: readonly (readonly Scenario[])[]): Promise<BenchRun[][]> {
    const runs = groups.map((): BenchRun[] => []);
    for (let round = 0; round < this.options.plan.rounds; round++) {
      for (const [index, group] of groups.entries()) {
        for (const scenario of orderOfRound(group, round)) {
          const run = await this.#run(scenario, round);
          if (run !== null) runs[index]?.push(run);
        }
      }
    }
    return runs;
  }

  async #run(scenario: Scenario, round: number): Promise<BenchRun | null> {
    const { contender, workload } = scenario;
    const { sizeInBytes, partitions } = workload;
    const what = `round ${round + 1}, ${sizeInBytes} B, ${partitions} partitions: ${contender.name}`;
    try {
      const measurement = await this.#measure(scenario);
      this.options.onRun?.(what, measurement);
      return { ...scenario, round, measurement };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.failures.push({ name: contender.name, sizeInBytes, round, message: failure.message });
      this.options.onRun?.(what, failure);
      return null;
    }
  }

  #measure({ workload, ...scenario }: Scenario): Promise<Measurement> {
    const { kafka, tools } = this.options;
    const { sizeInBytes, partitions, records, warmupRecords } = workload;
    const payloadFile = this.#payloadFile(sizeInBytes);
    return withTopic(kafka, { name: 'bench', partitions }, async (topic) => {
      const job: BenchJob = { ...scenario, kafka, topic, payloadFile, warmupRecords, records, tools };
      const measurement = await runContender(job);
      checkCount(await recordsIn(kafka, topic), warmupRecords + records, scenario.contender);
      return measurement;
    });
  }

  #payloadFile(sizeInBytes: number): string {
    const known = this.#payloadFiles.get(sizeInBytes);
    if (known !== undefined) return known;
    const file = path.join(this.folder, `values-${sizeInBytes}`);
    writePayloadFile(file, benchValues(sizeInBytes));
    this.#payloadFiles.set(sizeInBytes, file);
    return file;
  }
}

/** Without idempotence a retry may double a record, which is what that means; nothing may ever be missing. */
export function checkCount(found: number, sent: number, contender: Contender): void {
  if (found < sent) {
    throw new Error(
      `The log holds ${found} of ${sent} records that were acknowledged: figures without the missing ones are worth nothing.`,
    );
  }
  if (found > sent && contender.idempotent) {
    throw new Error(
      `The log holds ${found} records after ${sent} were sent: an idempotent producer doubled some.`,
    );
  }
}

/** By the end offsets of its partitions. */
async function recordsIn(kafka: KafkaDescription, topic: string): Promise<number> {
  const admin = new Kafka(kafkaJsConfig(kafka)).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  } finally {
    await admin.disconnect();
  }
}

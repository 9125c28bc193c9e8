import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startKafka } from '../../broker/index';
import { provisionKafkaTools } from '../../broker/embedded/provision';
import { formatCount } from '../../charts/format-number';
import { renderSvg } from '../../charts/render';
import { CourseError } from '../../support/course-error';
import { ensurePythonEnv } from '../../support/python-env';
import { bench } from '../bench/bench';
import type { BenchResult } from '../bench/bench';
import { benchChart, benchText } from '../bench/bench-report';
import type { BenchTools, Measurement } from '../../lab/load/contenders/job';
import { benchPlan } from '../bench/plan';
import type { BenchFlags, BenchPlan } from '../bench/plan';
import { rateOf } from '../bench/result';
import { PROJECT_ROOT } from '../../course/exercises/manifest';
import { checkWritable } from '../../course/cli/check-writable';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';
import { progress } from '../../course/cli/progress';

const CHART = path.join('reports', 'bench.svg');

/** `npm run bench`: the producer against its peers, on one broker of its own and in one run. */
export async function benchCommand({
  json: jsonName,
  ...flags
}: BenchFlags & { readonly json?: string }): Promise<ExitCode> {
  const json = jsonName === undefined ? undefined : checkWritable(jsonName, '--json');
  const asked = benchPlan(flags);
  const { tools, skipped } = await progress('Fetching the other clients', (say) => findTools(asked, say));
  const plan = { ...asked, contenders: asked.contenders.filter(({ name }) => !skipped.has(name)) };
  const kafka = await progress('Starting a broker', (say) =>
    startKafka({ kind: 'embedded', onProgress: say }),
  );
  try {
    const machine = describeMachine();
    console.error(
      `${machine.cpus} cores, load ${machine.load.toFixed(1)}; ${plan.rounds} round(s), ${plan.contenders.length} contenders.`,
    );
    if (machine.load > machine.cpus / 2) {
      console.error('The machine is busy with other things: ratios may still say something, figures do not.');
    }
    const result = await bench({ kafka, tools, plan, onRun: printRun });
    const chart = await drawChart(result, plan);
    console.log(`\n${benchText(result)}`);
    for (const [name, reason] of skipped) console.log(`${name} was left out: ${reason}`);
    if (chart !== null) console.log(`Chart: ${path.join(PROJECT_ROOT, CHART)}`);
    if (json !== undefined) {
      const { kind, version, brokers } = kafka;
      const document = {
        version: 1,
        kafka: { kind, version, brokers },
        machine,
        rounds: plan.rounds,
        workloads: plan.throughput,
        skipped: [...skipped].map(([name, reason]) => ({ name, reason })),
        ...result,
        chart,
      };
      fs.writeFileSync(json, `${JSON.stringify(document, null, 2)}\n`);
    }
    return result.failures.length === 0 ? EXIT.ok : EXIT.wrong;
  } finally {
    await kafka.stop();
  }
}

/** librdkafka is the one that the comparison can do without; what keeps it away is said. */
async function findTools(
  { contenders }: BenchPlan,
  onProgress: (line: string) => void,
): Promise<{ tools: BenchTools; skipped: Map<string, string> }> {
  const wants = (client: string) => contenders.filter((contender) => contender.client === client);
  const java =
    wants('java').length > 0 ? await provisionKafkaTools({ onProgress }) : { java: '', classPath: '' };
  const skipped = new Map<string, string>();
  let python: string | null = null;
  if (wants('librdkafka').length > 0) {
    try {
      python = await ensurePythonEnv({ requirements: 'requirements/bench.txt', onProgress });
    } catch (error) {
      if (!(error instanceof CourseError)) throw error;
      for (const { name } of wants('librdkafka')) skipped.set(name, error.message);
    }
  }
  return { tools: { ...java, python }, skipped };
}

function describeMachine() {
  const cpus = os.cpus();
  return {
    cpus: cpus.length,
    cpu: cpus[0]?.model ?? 'unknown',
    memoryBytes: os.totalmem(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    /** Over the last minute, before anything was measured. */
    load: os.loadavg()[0] ?? 0,
  };
}

function printRun(what: string, outcome: Measurement | Error): void {
  const said =
    outcome instanceof Error ? `failed: ${outcome.message}` : `${formatCount(rateOf(outcome))} records/s`;
  console.error(`${what}: ${said}`);
}

async function drawChart(result: BenchResult, plan: BenchPlan) {
  const spec = benchChart(result, plan);
  if (spec === null) return null;
  const file = path.join(PROJECT_ROOT, CHART);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, await renderSvg(spec));
  return spec;
}

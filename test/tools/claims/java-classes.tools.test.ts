import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { classPath, ensureJars } from '../../../src/broker/embedded/jars';
import { ensureJava } from '../../../src/broker/embedded/java';
import { murmur2, resolveProducerConfig, toPositive } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';
import { estimateUpperBound } from '../../../src/protocol/record-batch-format';
import { SeededRandom } from '../../../src/support/seeded-random';

const ORACLE = path.join(__dirname, 'JavaOracle.java');
const SEED = Number(process.env['COURSE_SEED'] ?? 44);

/** A runtime without compiler, such as the one that comes with the course, cannot start a class from its source. */
const hasCompiler = spawnSync('java', ['--list-modules'], { encoding: 'utf8' }).stdout?.includes(
  'jdk.compiler',
);
const withJava = hasCompiler ? test : test.skip;
const why = hasCompiler ? `seed ${SEED}` : 'skipped: no JDK on the PATH';

/** One answer of Kafka's own classes for each question. */
async function askJava(questions: readonly string[]): Promise<string[]> {
  const { java } = await ensureJava();
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=off';
  const args = [quiet, '-cp', classPath(await ensureJars('broker')), ORACLE];
  const { stdout, stderr, status } = spawnSync(java, args, { input: questions.join('\n'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`Java ended with code ${status}: ${stderr}`);
  return stdout.trim().split('\n');
}

withJava(
  `A-04 500 random keys go to the partition that Kafka's BuiltInPartitioner chooses (${why})`,
  async () => {
    const random = new SeededRandom(SEED);
    const keys = Array.from({ length: 500 }, () => ({
      bytes: random.bytes(random.integer(1, 40)),
      partitions: random.integer(1, 100),
    }));
    const javas = await askJava(
      keys.map(({ bytes, partitions }) => `partition ${bytes.toString('hex')} ${partitions}`),
    );
    const ours = keys.map(({ bytes, partitions }) => String(toPositive(murmur2(bytes)) % partitions));
    expect(ours).toEqual(javas);
  },
  120_000,
);

withJava(
  `G-08 the upper bound of 300 random records is that of Kafka's AbstractRecords (${why})`,
  async () => {
    const random = new SeededRandom(SEED);
    const length = () => (random.chance(0.2) ? null : random.integer(0, random.chance(0.5) ? 300 : 200_000));
    const records = Array.from({ length: 300 }, () => [length(), length()] as const);
    const javas = await askJava(records.map(([key, value]) => `bound ${key} ${value}`));
    const bytes = (size: number | null) => (size === null ? null : Buffer.alloc(size));
    const ours = records.map(([key, value]) => String(estimateUpperBound(bytes(key), bytes(value), [])));
    expect(ours).toEqual(javas);
  },
  120_000,
);

withJava(
  `C-01 to C-08 400 random configs resolve as Kafka's ProducerConfig resolves them (${why})`,
  async () => {
    const random = new SeededRandom(SEED);
    const pick = <T>(values: readonly T[]): T => random.pick(values);
    const configs = Array.from({ length: 400 }, (): ProducerConfig => {
      const [acks, retries] = [
        pick([undefined, 'all', '-1', '1', '0'] as const),
        pick([undefined, 0, 1, 2_147_483_647]),
      ];
      const [inFlight, idempotence] = [pick([undefined, 1, 5, 6]), pick([undefined, true, false])];
      return {
        ...(acks === undefined ? {} : { acks }),
        ...(retries === undefined ? {} : { retries }),
        ...(inFlight === undefined ? {} : { 'max.in.flight.requests.per.connection': inFlight }),
        ...(idempotence === undefined ? {} : { 'enable.idempotence': idempotence }),
      };
    });
    const javas = await askJava(
      configs.map((config) =>
        ['config', ...Object.entries(config).map(([name, value]) => `${name}=${String(value)}`)].join(' '),
      ),
    );
    expect(configs.map(resolved)).toEqual(javas);
  },
  120_000,
);

/** As the oracle writes it: Java's word for `all` is -1. */
function resolved(config: ProducerConfig): string {
  try {
    const all = resolveProducerConfig({ 'bootstrap.servers': 'localhost:9092', ...config });
    const acks = ['all', '-1', '-1'].includes(String(all.acks)) ? '-1' : String(all.acks);
    return [all['enable.idempotence'], acks, all.retries, all['max.in.flight.requests.per.connection']].join(
      ' ',
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return 'ConfigException';
    throw error;
  }
}

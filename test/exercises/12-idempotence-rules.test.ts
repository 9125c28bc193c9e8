import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type { ProducerConfig } from '../../src/producer/index';
import type * as probe from './probes/12-idempotence-rules';
import type { Resolution } from './probes/12-idempotence-rules';

const READ_ON = 'notebook 02-configuration, "Settings that depend on each other"';
const MAX_RETRIES = 2_147_483_647;
const IN_FLIGHT = 'max.in.flight.requests.per.connection';

type Settings = Pick<
  ProducerConfig,
  'enable.idempotence' | 'acks' | 'retries' | 'max.in.flight.requests.per.connection'
>;
interface Resolved {
  readonly enableIdempotence: boolean;
  readonly acks: string;
  readonly retries: number;
  readonly maxInFlight: number;
}

/** Rows C-01 to C-08 of Kafka 4.4.0, in the order in which ProducerConfig asks. A string is why there is a ConfigError. */
function kafka44(config: Settings): Resolved | string {
  const acks = config.acks === undefined || config.acks === '-1' ? 'all' : config.acks;
  const retries = config.retries ?? MAX_RETRIES;
  const maxInFlight = config[IN_FLIGHT] ?? 5;
  const rest = { acks, retries, maxInFlight };
  if (config['enable.idempotence'] === false) return { enableIdempotence: false, ...rest };
  const explicit = 'enable.idempotence' in config;
  if (explicit && retries === 0) return 'retries 0 contradicts enable.idempotence=true, which was asked for';
  if (explicit && acks !== 'all')
    return `acks ${acks} contradicts enable.idempotence=true, which was asked for`;
  if (maxInFlight > 5)
    return `an idempotent producer has at most 5 requests in flight, and ${maxInFlight} were set`;
  return { enableIdempotence: acks === 'all' && retries !== 0, ...rest };
}

exercise<typeof probe>('12-idempotence-rules', { exports: ['resolveIdempotence'] }, ({ graded, run }) => {
  async function judge(configs: readonly Settings[]): Promise<void> {
    const resolutions = await run('resolve', configs);
    for (const [index, config] of configs.entries()) {
      const expected = kafka44(config);
      const seen = resolutions[index]!;
      if (isAsExpected(seen, expected)) continue;
      throw new WrongAnswer({
        seen: `${JSON.stringify(config)} gave ${inWords(seen)}`,
        expected:
          typeof expected === 'string'
            ? `a ConfigError: ${expected}`
            : `${inWords(expected)}, as in Kafka 4.4`,
        readOn: READ_ON,
      });
    }
  }

  graded('gives an idempotent producer by default', async () => {
    await judge([
      {},
      { 'enable.idempotence': true },
      { acks: 'all' },
      { acks: '-1' },
      { acks: '-1', 'enable.idempotence': true },
      { retries: 3, [IN_FLIGHT]: 1 },
      { 'enable.idempotence': true, acks: 'all', retries: 1, [IN_FLIGHT]: 5 },
    ]);
  });

  graded('switches idempotence off for acks below all, unless it was asked for', async () => {
    await judge([
      { acks: '1' },
      { acks: '0' },
      { acks: '1', [IN_FLIGHT]: 1 },
      { acks: '1', 'enable.idempotence': true },
      { acks: '0', 'enable.idempotence': true },
    ]);
  });

  graded('switches idempotence off for retries 0, unless it was asked for', async () => {
    await judge([
      { retries: 0 },
      { retries: 0, acks: '1' },
      { retries: 1 },
      { retries: 0, 'enable.idempotence': true },
    ]);
  });

  graded('refuses more than five in flight, asked for or not', async () => {
    await judge([
      { [IN_FLIGHT]: 5 },
      { [IN_FLIGHT]: 6 },
      { [IN_FLIGHT]: 6, 'enable.idempotence': true },
      { [IN_FLIGHT]: 6, acks: '1' },
      { [IN_FLIGHT]: 6, retries: 0 },
    ]);
  });

  graded('leaves everything as it was set when idempotence is off', async () => {
    const off = { 'enable.idempotence': false };
    await judge([
      off,
      { ...off, acks: '0' },
      { ...off, acks: '1', retries: 0, [IN_FLIGHT]: 6 },
      { ...off, acks: '-1', [IN_FLIGHT]: 1_000 },
    ]);
  });

  graded('resolves every combination as Kafka 4.4 does', async () => {
    await judge(allCombinations());
  });
});

/** Each setting missing, and with every value that makes a difference. */
function allCombinations(): Settings[] {
  const configs: Settings[] = [];
  for (const idempotence of [undefined, true, false])
    for (const acks of [undefined, 'all', '-1', '1', '0'] as const)
      for (const retries of [undefined, 0, 1, 5, MAX_RETRIES - 1, MAX_RETRIES])
        for (const inFlight of [undefined, 1, 5, 6])
          configs.push({
            ...(idempotence === undefined ? {} : { 'enable.idempotence': idempotence }),
            ...(acks === undefined ? {} : { acks }),
            ...(retries === undefined ? {} : { retries }),
            ...(inFlight === undefined ? {} : { [IN_FLIGHT]: inFlight }),
          });
  return configs;
}

function isAsExpected(seen: Resolution, expected: Resolved | string): boolean {
  if (typeof expected === 'string') return 'isConfigError' in seen && seen.isConfigError;
  return (
    'acks' in seen &&
    seen.enableIdempotence === expected.enableIdempotence &&
    seen.acks === expected.acks &&
    seen.retries === expected.retries &&
    seen.maxInFlight === expected.maxInFlight
  );
}

function inWords(resolution: Resolution | Resolved): string {
  if ('returned' in resolution) return `${resolution.returned}, which is no object`;
  if ('error' in resolution) return `${resolution.error}: ${resolution.message}`;
  const { enableIdempotence, acks, retries, maxInFlight } = resolution;
  const values = { enableIdempotence, acks, retries, maxInFlight };
  return `{ ${Object.entries(values)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : String(value)}`)
    .join(', ')} }`;
}

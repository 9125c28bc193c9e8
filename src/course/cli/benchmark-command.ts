import { runBenchmarkCommand } from '../../lab/load/benchmark-command';
import type { BenchmarkSettings } from '../../lab/load/benchmark';
import { COMPRESSION_TYPES } from '../../protocol/compression';
import { UsageError } from '../../support/course-error';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

/** How a setting is written on the command line: `batchSize=65536`. */
const NUMBERS = [
  'messages',
  'sizeInBytes',
  'batchSize',
  'lingerMs',
  'partitions',
  'messagesPerSecond',
  'seed',
] as const;
const CHOICES = { compressionType: COMPRESSION_TYPES, acks: ['all', '1', '0'] } as const;
const KNOWN = [...NUMBERS, ...Object.keys(CHOICES)];

function setting(text: string): [string, number | string] {
  const [name = '', value = ''] = text.split('=');
  if ((NUMBERS as readonly string[]).includes(name)) {
    if (/^\d+$/.test(value)) return [name, Number(value)];
    throw new UsageError(`"${text}": ${name} takes a whole number, for example ${name}=100.`);
  }
  const allowed: readonly string[] | undefined = CHOICES[name as keyof typeof CHOICES];
  if (allowed === undefined)
    throw new UsageError(`"${text}" is no setting: it is NAME=VALUE with one of ${KNOWN.join(', ')}.`);
  if (allowed.includes(value)) return [name, value];
  throw new UsageError(`"${text}": ${name} is one of ${allowed.join(', ')}.`);
}

const settings = (texts: readonly string[]): BenchmarkSettings => Object.fromEntries(texts.map(setting));

/** `course benchmark`: one configuration measured, or two of them in interleaved rounds. */
export async function benchmarkCommand(
  texts: readonly string[],
  flags: { against?: readonly string[]; rounds?: number },
): Promise<ExitCode> {
  const { against, rounds } = flags;
  await runBenchmarkCommand({
    settings: settings(texts),
    ...(against !== undefined && { against: settings(against) }),
    rounds,
  });
  return EXIT.ok;
}

import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { jvmEnvironment, NEUTRAL_JVM_FLAGS } from '../../../../src/broker/embedded/jvm-environment';
import { provisionKafkaTools } from '../../../../src/broker/embedded/provision';
import { lastLines } from '../../../../src/support/run-command';

/** A record as another client saw it: bytes in hex, null where there are none. */
export interface SeenRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [key: string, value: string | null])[];
}

interface Reading {
  readonly bootstrapServers: string;
  readonly topic: string;
}

/** Kafka's own consumer, by its ConsoleConsumer. It prints bytes as they are where they are letters, else as \xNN. */
export async function readWithJava(
  { bootstrapServers, topic }: Reading,
  recordCount: number,
): Promise<SeenRecord[]> {
  const escaped = 'org.apache.kafka.common.serialization.BytesDeserializer';
  const properties = {
    ...{ 'print.timestamp': true, 'print.partition': true, 'print.offset': true },
    ...{ 'print.headers': true, 'print.key': true, 'print.value': true },
    ...{ 'key.deserializer': escaped, 'value.deserializer': escaped, 'headers.deserializer': escaped },
    ...{ 'key.separator': '\t', 'headers.separator': '\u001f', 'null.literal': NULL_LITERAL },
  };
  const stdout = await runKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...['--bootstrap-server', bootstrapServers, '--topic', topic, '--from-beginning'],
    ...['--max-messages', String(recordCount), '--timeout-ms', '30000'],
    ...Object.entries(properties).flatMap(([name, value]) => ['--formatter-property', `${name}=${value}`]),
  ]);
  return linesOf(stdout.toString('utf8')).map(fromConsoleConsumer);
}

/** Begins with a byte that is printed as \x01 and that no record of these tests has by itself. */
const NULL_LITERAL = '\u0001null';
const NULL_PRINTED = '\\x01null';

function fromConsoleConsumer(line: string): SeenRecord {
  const [timestamp, partition, offset, headers, key, value] = line.split('\t');
  return {
    partition: Number(partition!.replace('Partition:', '')),
    offset: Number(offset!.replace('Offset:', '')),
    timestamp: Number(timestamp!.replace('CreateTime:', '')),
    key: unescaped(key!),
    value: unescaped(value!),
    headers: headers === 'NO_HEADERS' ? [] : headers!.split('\u001f').map(headerFromConsoleConsumer),
  };
}

function headerFromConsoleConsumer(text: string): [string, string | null] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), unescaped(text.slice(colon + 1))];
}

function unescaped(text: string): string | null {
  if (text === NULL_PRINTED) return null;
  const latin1 = text.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1').toString('hex');
}

/** Kafka's own producer, by its ConsoleProducer: a key and a value for each line. */
export async function produceWithJava(
  { bootstrapServers, topic }: Reading,
  records: readonly { key: string; value: string }[],
): Promise<void> {
  await runKafkaTool(
    'org.apache.kafka.tools.ConsoleProducer',
    [
      ...['--bootstrap-server', bootstrapServers, '--topic', topic],
      ...['--reader-property', 'parse.key=true', '--reader-property', `key.separator=${KEY_SEPARATOR}`],
    ],
    records.map(({ key, value }) => `${key}${KEY_SEPARATOR}${value}\n`).join(''),
  );
}

/** Keys must do without it, and without ends of lines. */
export const KEY_SEPARATOR = '\u001f';

async function runKafkaTool(mainClass: string, args: readonly string[], input = ''): Promise<Buffer> {
  const { java, classPath } = await provisionKafkaTools();
  const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
  return run(java, [...flags, ...NEUTRAL_JVM_FLAGS, '-cp', classPath, mainClass, ...args], input);
}

/** librdkafka, which shares no code with Java's client and none with this one. undefined where it is not installed. */
export function findKcat(): string | undefined {
  return ['kcat', 'kafkacat'].find((name) => spawnSync(name, ['-V']).status === 0);
}

export async function readWithKcat(
  kcat: string,
  { bootstrapServers, topic }: Reading,
): Promise<SeenRecord[]> {
  const args = [
    '-C',
    '-b',
    bootstrapServers,
    '-t',
    topic,
    '-X',
    'check.crcs=true',
    '-o',
    'beginning',
    '-e',
    '-q',
    '-J',
  ];
  const stdout = await run(kcat, args, '');
  // What it calls JSON has all bytes from 0x20 on as they are: read as Latin-1, a character is a byte.
  return linesOf(stdout.toString('latin1')).map((line) => {
    const { partition, offset, ts, key, payload, headers = [] } = JSON.parse(line) as KcatRecord;
    const pairs = Array.from({ length: headers.length / 2 }, (_, at): [string, string | null] => [
      Buffer.from(headers[2 * at]!, 'latin1').toString('utf8'),
      hexOf(headers[2 * at + 1]!),
    ]);
    return { partition, offset, timestamp: ts, key: hexOf(key), value: hexOf(payload), headers: pairs };
  });
}

interface KcatRecord {
  readonly partition: number;
  readonly offset: number;
  readonly ts: number;
  readonly key: string | null;
  readonly payload: string | null;
  /** Names and values in turn. */
  readonly headers?: readonly (string | null)[];
}

function hexOf(latin1: string | null): string | null {
  return latin1 === null ? null : Buffer.from(latin1, 'latin1').toString('hex');
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function run(command: string, args: readonly string[], input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: jvmEnvironment() });
    const stdout: Buffer[] = [];
    const stderr: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      if (exitCode === 0) resolve(Buffer.concat(stdout));
      else reject(new Error(`${command} ended with code ${exitCode}: ${lastLines(stderr.join('\n'), 5)}`));
    });
    child.stdin.on('error', () => {}); // it ended before it had read everything: its exit code tells
    child.stdin.end(input);
  });
}

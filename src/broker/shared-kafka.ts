import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { CourseError, UsageError } from '../support/course-error';
import { isProcessAlive } from '../support/lock-file';
import { coursePath } from '../support/project-paths';
import { describeKafka } from './course-kafka';
import type { CourseKafka, KafkaDescription, StartKafkaOptions } from './course-kafka';

/** JSON of a KafkaDescription, set by a command for the processes that it starts. */
export const KAFKA_VARIABLE = 'COURSE_KAFKA';

const ANSWERS_WITHIN_MS = 2000;

interface RunFile {
  pid: number;
  kafka: KafkaDescription;
}

const RUN_FILE = coursePath('run', 'kafka.json');

/**
 * Tells later commands of this project about a running broker. Returns what takes that back; a file that another
 * process has written since is left alone.
 */
export function publishKafka(kafka: KafkaDescription, file = RUN_FILE): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  const content: RunFile = { pid: process.pid, kafka: describeKafka(kafka) };
  // The connection may hold a password, hence the mode; a rename never shows half a file.
  writeFileSync(draft, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(draft, file);
  return () => {
    if (readRunFile(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** The broker of a parent command, else the published one of this project, where it has what is asked for. */
export async function findRunningKafka(
  { brokers = 1, kind }: StartKafkaOptions,
  file = RUN_FILE,
): Promise<CourseKafka | undefined> {
  const given = process.env[KAFKA_VARIABLE];
  const kafka = given ? parseGiven(given) : await readPublished(file);
  if (!kafka || kafka.brokers < brokers) return undefined;
  // A parent has chosen already, by the same environment; a published broker may be of another kind than asked for.
  if (!given && kind !== undefined && kafka.kind !== kind) return undefined;
  const refuse = (id: number) =>
    Promise.reject(
      new CourseError(
        `Broker ${id} is shared with other commands: start one of your own with startKafka() to stop and start brokers.`,
        'BROKER',
      ),
    );
  return { ...kafka, stop: () => Promise.resolve(), stopBroker: refuse, startBroker: refuse };
}

function parseGiven(json: string): KafkaDescription {
  try {
    const kafka: unknown = JSON.parse(json);
    if (isDescription(kafka)) return describeKafka(kafka);
  } catch {
    // told below, as for JSON of another shape
  }
  throw new UsageError(
    `${KAFKA_VARIABLE} does not describe a broker: unset it; the course's commands set it themselves.`,
  );
}

async function readPublished(file: string): Promise<KafkaDescription | undefined> {
  const published = readRunFile(file);
  if (published && isProcessAlive(published.pid) && (await anyAnswers(published.kafka.bootstrapServers))) {
    return published.kafka;
  }
  rmSync(file, { force: true });
  return undefined;
}

function readRunFile(file: string): RunFile | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunFile>;
    const { pid, kafka } = content;
    return typeof pid === 'number' && isDescription(kafka) ? { pid, kafka } : undefined;
  } catch {
    return undefined;
  }
}

function isDescription(value: unknown): value is KafkaDescription {
  const { kind, bootstrapServers, version, brokers, topicPrefix, connection } = (value ??
    {}) as KafkaDescription;
  const texts = [kind, bootstrapServers, version, topicPrefix];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof brokers === 'number' &&
    typeof connection === 'object'
  );
}

async function anyAnswers(bootstrapServers: string): Promise<boolean> {
  const answers = await Promise.all(bootstrapServers.split(',').map(answersAt));
  return answers.includes(true);
}

function answersAt(server: string): Promise<boolean> {
  const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(server) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWERS_WITHIN_MS, () => settle(false));
    socket.on('connect', () => settle(true)).on('error', () => settle(false));
  });
}

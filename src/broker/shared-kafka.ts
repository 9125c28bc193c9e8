import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CourseError, UsageError } from '../support/course-error';
import { isSameProcess, startOfProcess } from '../support/lock-file';
import { coursePath } from '../support/project-paths';
import { describeKafka } from './course-kafka';
import type { CourseKafka, KafkaDescription, StartKafkaOptions } from './course-kafka';
import { anyResponds } from './kafka-response';

/** JSON of a KafkaDescription, set by a command for the processes that it starts. */
export const KAFKA_VARIABLE = 'COURSE_KAFKA';

/** Its owner looks every second whether the broker responds. */
const OWNER_NOTICES_WITHIN_MS = 4000;
const RESTARTED_WITHIN_MS = 60_000;
const POLL_MS = 100;

interface RunFile {
  pid: number;
  /** When that process started: another one may have its id by now. */
  started?: string;
  kafka: KafkaDescription;
  /** Its owner has seen that the broker has ended, and is starting it again. */
  restarting?: boolean;
}

const RUN_FILE = coursePath('run', 'kafka.json');

/**
 * Tells later commands of this project about a running broker. Returns what takes that back; a file that another
 * process has written since is left alone.
 */
export function publishKafka(
  kafka: KafkaDescription,
  file = RUN_FILE,
  { restarting = false }: { restarting?: boolean } = {},
): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  const content: RunFile = {
    pid: process.pid,
    started: startOfProcess(process.pid),
    kafka: describeKafka(kafka),
    ...(restarting && { restarting }),
  };
  // The connection may hold a password, hence the mode; a rename never shows half a file.
  writeFileSync(draft, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(draft, file);
  return () => {
    if (readRunFile(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** The broker of a parent command, else the published one of this project, where it has what is asked for. */
export async function findRunningKafka(
  { brokers = 1, kind, onProgress }: StartKafkaOptions,
  file = RUN_FILE,
): Promise<CourseKafka | undefined> {
  const given = process.env[KAFKA_VARIABLE];
  const kafka = given ? parseGiven(given) : await readPublished(file, onProgress);
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

/** The file is checked, not believed: a broker can have ended, or its port can belong to another program by now. */
async function readPublished(
  file: string,
  onProgress?: (line: string) => void,
): Promise<KafkaDescription | undefined> {
  let told = false;
  for (const began = performance.now(); ; await delay(POLL_MS)) {
    const published = readRunFile(file);
    if (!published || !isSameProcess(published.pid, published.started)) {
      rmSync(file, { force: true });
      return undefined;
    }
    const { kafka, pid, restarting } = published;
    if (
      !restarting &&
      (await anyResponds(kafka.bootstrapServers, { tls: kafka.connection.ssl !== undefined }))
    )
      return kafka;
    if (restarting && !told) {
      told = true;
      onProgress?.(`Kafka on ${kafka.bootstrapServers} has ended; process ${pid} is restarting it ...`);
    }
    const waitedMs = performance.now() - began;
    if (restarting && waitedMs > RESTARTED_WITHIN_MS) {
      throw new CourseError(
        `Kafka on ${kafka.bootstrapServers} has ended, and process ${pid} could not restart it so far: see the terminal of npm start or npm run kafka, and start that command again.`,
        'BROKER',
      );
    }
    if (!restarting && waitedMs > OWNER_NOTICES_WITHIN_MS) {
      onProgress?.(
        `Kafka on ${kafka.bootstrapServers}, which process ${pid} has started, does not respond and is not used.`,
      );
      return undefined;
    }
  }
}

function readRunFile(file: string): RunFile | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunFile>;
    const { pid, kafka, started, restarting } = content;
    return typeof pid === 'number' && isDescription(kafka) ? { pid, kafka, started, restarting } : undefined;
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

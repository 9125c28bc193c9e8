import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, type Admin } from 'kafkajs';
import { CourseError } from '../support/course-error';
import type { KafkaDescription } from './course-kafka';
import { kafkaJsConfig } from './kafka-js-config';

export interface TopicOptions {
  /** The part of the name that says what it is for; the prefix and a unique suffix are added. */
  name: string;
  partitions: number;
  /** Default: one replica on every broker, three at most. */
  replicationFactor?: number;
  /** Topic configs by their dotted names; see DEFAULT_CONFIGS for what is set without. */
  configs?: Readonly<Record<string, string>>;
}

/**
 * Retention goes by the timestamps of the records, not by when they were written. Experiments give records a fixed time, so
 * that their bytes are the same in each run, and a broker's default of 7 days (or the course's 4 hours) is long over then: its
 * retention check, 30 s after its start and every 5 minutes, took such records away between their writing and their reading.
 */
const DEFAULT_CONFIGS: Readonly<Record<string, string>> = { 'retention.ms': '-1' };

const LEADERS_WITHIN_MS = 30_000;
const LEADERS_POLL_MS = 50;
/** Kafka's Topic.LEGAL_CHARS and its longest name. */
const ILLEGAL = /[^a-zA-Z0-9._-]+/g;
const LONGEST_NAME = 249;

/** Makes a topic with a name of its own, waits until each partition has a leader, and returns the full name. */
export async function createTopic(kafka: KafkaDescription, options: TopicOptions): Promise<string> {
  const { name, partitions, replicationFactor = Math.min(kafka.brokers, 3), configs = {} } = options;
  const suffix = `-${randomBytes(4).toString('hex')}`;
  const topic =
    (kafka.topicPrefix + name.replace(ILLEGAL, '-')).slice(0, LONGEST_NAME - suffix.length) + suffix;
  const configEntries = Object.entries({ ...DEFAULT_CONFIGS, ...configs }).map(([configName, value]) => {
    return { name: configName, value };
  });
  await withAdmin(kafka, async (admin) => {
    const topics = [{ topic, numPartitions: partitions, replicationFactor, configEntries }];
    // kafkajs's own wait for leaders asks once, at a moment when a busy broker may not have heard of its new topic yet.
    const make = () => admin.createTopics({ waitForLeaders: false, topics });
    await onceControllerIsKnown(make).catch((cause: unknown) => {
      const message = `The topic ${topic} could not be made: ${reasonOf(cause)}.`;
      throw new CourseError(message, 'BROKER', { cause });
    });
    await waitForLeaders(admin, topic, partitions, replicationFactor);
  });
  return topic;
}

/** @throws CourseError before anything is deleted, when one of the names does not begin with the course's prefix */
export async function deleteTopics(kafka: KafkaDescription, names: readonly string[]): Promise<void> {
  const foreign = names.find((name) => !name.startsWith(kafka.topicPrefix));
  if (foreign !== undefined) {
    throw new CourseError(
      `The topic ${foreign} is not the course's: only names that begin with ${kafka.topicPrefix} are ever deleted.`,
      'BROKER',
    );
  }
  if (names.length === 0) return;
  await withAdmin(kafka, (admin) => onceControllerIsKnown(() => admin.deleteTopics({ topics: [...names] })));
}

/** The names of all topics that begin with the prefix, whoever made them and whenever. */
export function courseTopics(kafka: KafkaDescription): Promise<string[]> {
  return withAdmin(kafka, async (admin) => {
    const names = await admin.listTopics();
    return names.filter((name) => name.startsWith(kafka.topicPrefix)).sort();
  });
}

/** A topic for the time of `use`, deleted whatever happens in between. */
export async function withTopic<T>(
  kafka: KafkaDescription,
  options: TopicOptions,
  use: (topic: string) => Promise<T>,
): Promise<T> {
  const topic = await createTopic(kafka, options);
  try {
    return await use(topic);
  } finally {
    await deleteTopics(kafka, [topic]);
  }
}

async function withAdmin<T>(kafka: KafkaDescription, use: (admin: Admin) => Promise<T>): Promise<T> {
  const retry = { initialRetryTime: 50, maxRetryTime: 500, retries: 20 };
  const admin = new Kafka({ ...kafkaJsConfig(kafka), retry }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** A broker of a cluster that has just started names -1 as the controller for a moment, and kafkajs gives up at once. */
async function onceControllerIsKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + LEADERS_WITHIN_MS; ;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as Error).name !== 'KafkaJSBrokerNotFound' || Date.now() > deadline) throw error;
    }
    await delay(LEADERS_POLL_MS);
  }
}

/**
 * kafkajs's own waitForLeaders asks one broker once. With several, each must have heard of the leaders before the first
 * send may go to any of them, and a topic is ready for acks=all only when its replicas are in sync.
 */
async function waitForLeaders(
  admin: Admin,
  topic: string,
  partitions: number,
  replicas: number,
): Promise<void> {
  for (const deadline = Date.now() + LEADERS_WITHIN_MS; ;) {
    const described = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
    const known = described?.topics[0]?.partitions ?? [];
    const ready = known.filter(({ leader, isr }) => leader >= 0 && isr.length >= replicas);
    if (ready.length === partitions && (await logsAreOpen(admin, topic))) return;
    if (Date.now() > deadline) {
      throw new CourseError(
        `The topic ${topic} was made, but ${partitions - ready.length} of its ${partitions} partitions got no leader within ${LEADERS_WITHIN_MS / 1000} s: see that all brokers are running.`,
        'BROKER',
      );
    }
    await delay(LEADERS_POLL_MS);
  }
}

/**
 * A busy broker names itself leader a moment before it opens the log. Were the first batch refused then and the second
 * taken, an idempotent producer would repeat the first in vain until delivery.timeout.ms: its sequence comes too late.
 */
async function logsAreOpen(admin: Admin, topic: string): Promise<boolean> {
  return admin.fetchTopicOffsets(topic).then(
    () => true,
    () => false,
  );
}

function reasonOf(cause: unknown): string {
  const { message, errors } = cause as { message: string; errors?: Error[] };
  return (errors?.[0]?.message ?? message).replace(/\.$/, '');
}

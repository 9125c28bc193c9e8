import { CourseError, UsageError } from '../support/course-error';
import type { CourseKafka, KafkaKind, StartKafkaOptions } from './course-kafka';
import { startEmbeddedKafka } from './embedded/embedded-kafka';
import { connectExternalKafka } from './external';
import { keepKafkaRunning } from './kafka-command';
import { findRunningKafka } from './shared-kafka';
import { isDockerLikely, startTestcontainersKafka } from './testcontainers';

export { describeKafka } from './course-kafka';
export type {
  CourseKafka,
  KafkaConnection,
  KafkaDescription,
  KafkaKind,
  StartKafkaOptions,
} from './course-kafka';
export { kafkaJsConfig } from './kafka-js-config';
export { KAFKA_VARIABLE, publishKafka } from './shared-kafka';
export { createTopic, deleteTopics, withTopic } from './topics';

const KINDS: readonly KafkaKind[] = ['external', 'testcontainers', 'embedded'];

/**
 * A Kafka of this process's own: the cluster of KAFKA_BOOTSTRAP_SERVERS where that is set, else one in Docker where that
 * answers and has the image, else one on a local Java. `kind` or COURSE_BROKER forces one; a forced one never falls back.
 *
 * @throws UsageError for a wrong COURSE_BROKER or KAFKA_… value, CourseError for what could not be had; one sentence each
 */
export async function startKafka(options: StartKafkaOptions = {}): Promise<CourseKafka> {
  const kind = requestedKind(options);
  if (kind === 'external') {
    if (options.port === undefined) return connectExternalKafka(options);
    throw new UsageError(
      '--port is for a broker on this machine: unset KAFKA_BOOTSTRAP_SERVERS, or leave it out.',
    );
  }
  if (kind === 'testcontainers') return startTestcontainersKafka(options);
  if (kind === 'embedded') return startEmbeddedKafka(options);
  if (!isDockerLikely()) return startEmbeddedKafka(options);
  try {
    return await startTestcontainersKafka(options);
  } catch (error) {
    if (!(error instanceof CourseError)) throw error;
    options.onProgress?.(`${error.message.split(': ')[0]}: using the embedded Kafka instead.`);
    return startEmbeddedKafka(options);
  }
}

/**
 * A Kafka to share: that of the command which started this process, else that of `npm run kafka` or `npm start`, else one
 * of its own as by startKafka. Stopping a shared one does nothing; one with fewer brokers than asked for is not used.
 */
export async function useKafka(options: StartKafkaOptions = {}): Promise<CourseKafka> {
  const kind = requestedKind(options);
  return (await findRunningKafka({ ...options, kind })) ?? startKafka(options);
}

/** `npm run kafka`; returns once it was asked to end and nothing is left running. */
export function runKafkaCommand(options: StartKafkaOptions = {}): Promise<void> {
  return keepKafkaRunning(startKafka, {
    onProgress: (line) => process.stderr.write(`${line}\n`),
    ...options,
  });
}

function requestedKind({ kind }: StartKafkaOptions): KafkaKind | undefined {
  const forced = process.env['COURSE_BROKER'];
  if (kind === undefined && forced) {
    const known = KINDS.find((name) => name === forced);
    if (known) return known;
    throw new UsageError(
      `COURSE_BROKER is ${JSON.stringify(forced)}: write one of ${KINDS.join(', ')}, or unset it.`,
    );
  }
  return kind ?? (process.env['KAFKA_BOOTSTRAP_SERVERS'] ? 'external' : undefined);
}

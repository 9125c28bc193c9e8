import { Kafka, logLevel } from 'kafkajs';
import { kafkaJsConfig } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { slowdown } from './busy-machine';

const RESPONDS_WITHIN_MS = 5_000;

/** How kafkajs and Node name a connection that was lost or never came about. */
const CONNECTION_LOST =
  /ECONNREFUSED|ECONNRESET|EPIPE|KafkaJSConnection|KafkaJSNumberOfRetriesExceeded|KafkaJSBrokerNotFound|Closed connection/;

/** Whether a broker answers a request. Listening is not enough: one that hangs still accepts connections. */
export async function brokerResponds(kafka: KafkaDescription): Promise<boolean> {
  const limitMs = RESPONDS_WITHIN_MS * slowdown();
  const admin = new Kafka({
    ...kafkaJsConfig(kafka),
    logLevel: logLevel.NOTHING,
    connectionTimeout: limitMs,
    requestTimeout: limitMs,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length >= kafka.brokers;
  } catch {
    return false; // which is the answer that was asked for
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Why a test that failed with `error` says nothing about its answer; undefined when the broker did its part. */
export async function whyNoBroker(
  kafka: Promise<KafkaDescription>,
  error: unknown,
): Promise<string | undefined> {
  const description = await kafka.catch(() => undefined);
  if (description === undefined) return 'there is no broker.';
  if (!(await brokerResponds(description))) {
    return `the broker at ${description.bootstrapServers} does not respond any more.`;
  }
  // It may be back already: a connection that broke during the test is reason enough not to believe it.
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  return CONNECTION_LOST.test(text)
    ? `the connection to the broker at ${description.bootstrapServers} was lost (${text.split('\n')[0]}).`
    : undefined;
}

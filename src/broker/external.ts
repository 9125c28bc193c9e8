import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Kafka } from 'kafkajs';
import { CourseError, UsageError } from '../support/course-error';
import type { CourseKafka, KafkaConnection, SaslOptions } from './course-kafka';
import { kafkaJsConfig } from './kafka-js-config';

type Environment = Readonly<Record<string, string | undefined>>;

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** The cluster of KAFKA_BOOTSTRAP_SERVERS, after it has answered once. Nothing of it is ever started, stopped or reconfigured. */
export async function connectExternalKafka({
  brokers: wanted = 1,
  environment = process.env,
}: { brokers?: 1 | 3; environment?: Environment } = {}): Promise<CourseKafka> {
  const bootstrapServers = readBootstrapServers(environment);
  const connection = readConnection(environment);
  const brokers = await countBrokers(bootstrapServers, connection);
  if (brokers < wanted) {
    throw new CourseError(
      `This needs ${wanted} brokers, and the cluster at ${bootstrapServers} has ${brokers}: unset KAFKA_BOOTSTRAP_SERVERS to use brokers of the course's own.`,
      'BROKER',
    );
  }
  const refuse = () =>
    Promise.reject(
      new CourseError(
        "Brokers of an external cluster are not the course's to stop: unset KAFKA_BOOTSTRAP_SERVERS for this.",
        'BROKER',
      ),
    );
  return {
    kind: 'external',
    bootstrapServers,
    version: 'unknown',
    brokers,
    topicPrefix: topicPrefix(environment),
    connection,
    stop: () => Promise.resolve(),
    stopBroker: refuse,
    startBroker: refuse,
  };
}

function readBootstrapServers(environment: Environment): string {
  const servers = (environment['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(',').map((server) => server.trim());
  for (const server of servers) {
    if (!/^[^\s:]+:\d{1,5}$|^\[[\da-fA-F:]+\]:\d{1,5}$/.test(server)) {
      throw new UsageError(
        `KAFKA_BOOTSTRAP_SERVERS has ${JSON.stringify(server)}: write host:port, several separated by commas.`,
      );
    }
  }
  return servers.join(',');
}

function readConnection(environment: Environment): KafkaConnection {
  const ssl = readSsl(environment);
  const sasl = readSasl(environment);
  return { ...(ssl !== undefined && { ssl }), ...(sasl && { sasl }) };
}

function readSsl(environment: Environment): KafkaConnection['ssl'] {
  const flag = (environment['KAFKA_SSL'] ?? '').toLowerCase();
  if (!['', 'true', 'false'].includes(flag)) {
    throw new UsageError(`KAFKA_SSL is ${JSON.stringify(environment['KAFKA_SSL'])}: write true or false.`);
  }
  const ca = readFileOf(environment, 'KAFKA_SSL_CA_FILE');
  const cert = readFileOf(environment, 'KAFKA_SSL_CERT_FILE');
  const key = readFileOf(environment, 'KAFKA_SSL_KEY_FILE');
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE go together: set both, or neither.');
  }
  const files = { ...(ca && { ca: [ca] }), ...(cert && { cert }), ...(key && { key }) };
  if (flag === 'false' || (flag === '' && Object.keys(files).length === 0)) return undefined;
  return Object.keys(files).length > 0 ? files : true;
}

function readFileOf(environment: Environment, name: string): string | undefined {
  const file = environment[name];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CourseError(`${name} names ${file}, which cannot be read: set it to a PEM file.`, 'BROKER', {
      cause,
    });
  }
}

function readSasl(environment: Environment): SaslOptions | undefined {
  const mechanism = environment['KAFKA_SASL_MECHANISM'];
  const username = environment['KAFKA_SASL_USERNAME'];
  const password = environment['KAFKA_SASL_PASSWORD'];
  if (!mechanism && !username && !password) return undefined;
  if (mechanism && !MECHANISMS.includes(mechanism.toUpperCase())) {
    throw new UsageError(
      `KAFKA_SASL_MECHANISM is ${JSON.stringify(mechanism)}: write one of ${MECHANISMS.join(', ')}.`,
    );
  }
  if (!mechanism || !username || !password) {
    throw new UsageError(
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together: set all three, or none.',
    );
  }
  return { mechanism: mechanism.toLowerCase() as SaslOptions['mechanism'], username, password };
}

/** Legal in a topic's name: a learner's name may have any letters, and the cluster may be shared by a class. */
export function topicPrefix(environment: Environment): string {
  const legal = (text: string) =>
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^a-zA-Z0-9_-]+/g, '-');
  const chosen = environment['COURSE_TOPIC_PREFIX'];
  if (chosen) {
    if (/[a-zA-Z0-9]/.test(chosen)) return legal(chosen).slice(0, 100);
    throw new UsageError(
      `COURSE_TOPIC_PREFIX is ${JSON.stringify(chosen)}: write one with letters or digits.`,
    );
  }
  return `course-${
    legal(userName())
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'learner'
  }-`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? ''; // a container's user id need not have a name
  }
}

async function countBrokers(bootstrapServers: string, connection: KafkaConnection): Promise<number> {
  const config = kafkaJsConfig({ bootstrapServers, connection });
  const admin = new Kafka({ ...config, connectionTimeout: 5000, retry: { retries: 2 } }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } catch (cause) {
    throw new CourseError(whyUnreachable(cause, bootstrapServers, connection), 'BROKER', { cause });
  } finally {
    await admin.disconnect().catch(() => {}); // it was never connected
  }
}

function whyUnreachable(error: unknown, servers: string, { ssl, sasl }: KafkaConnection): string {
  const causes = chain(error);
  const text = causes.map(({ name, message }) => `${name}: ${message}`).join('\n');
  if (/SASLAuthentication|authentication failed|SASL .*failed|invalid credentials/i.test(text)) {
    return `The cluster at ${servers} refused the password or the user name ${sasl?.username ?? ''}: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM.`;
  }
  if (/self.signed|unable to verify|unable to get|certificate|altnames/i.test(text)) {
    return `The certificate of the cluster at ${servers} is not trusted: set KAFKA_SSL_CA_FILE to the PEM file of its authority.`;
  }
  if (/wrong version number|packet length too long|SSL routines|EPROTO/i.test(text)) {
    return `The cluster at ${servers} does not speak TLS on this port: unset KAFKA_SSL, or use its TLS port.`;
  }
  const hint = ssl ? '' : ' (does it want TLS? then KAFKA_SSL=true)';
  return `No Kafka answers at ${servers}: check KAFKA_BOOTSTRAP_SERVERS and that the cluster is running${hint}.`;
}

function chain(error: unknown): Error[] {
  const errors: Error[] = [];
  for (let next = error; next instanceof Error && errors.length < 10; next = next.cause) errors.push(next);
  return errors;
}

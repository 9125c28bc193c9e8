import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedKafka, type EmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import { freePorts } from '../../src/broker/free-ports';
import { connectExternalKafka, topicPrefix } from '../../src/broker/external';
import { withTopic } from '../../src/broker/index';
import { CourseError, UsageError } from '../../src/support/course-error';
import { selfSignedCertificate } from './self-signed-certificate';
import { consume, produce, sharedBrokerTests } from './shared-broker-tests';

sharedBrokerTests({
  kind: 'external',
  skippedBecause: process.env['KAFKA_BOOTSTRAP_SERVERS'] ? undefined : 'KAFKA_BOOTSTRAP_SERVERS is not set',
  leftovers: () => [],
});

describe('a cluster with passwords and TLS', () => {
  const certificate = selfSignedCertificate();
  const folder = mkdtempSync(join(tmpdir(), 'course-external-'));
  const caFile = join(folder, 'ca.pem');
  let cluster: EmbeddedKafka;
  let environment: Record<string, string>;

  beforeAll(async () => {
    writeFileSync(caFile, certificate.certificate);
    cluster = await startEmbeddedKafka({ secure: { ...certificate, users: { ada: 'lovelace' } } });
    environment = {
      KAFKA_BOOTSTRAP_SERVERS: cluster.secureBootstrapServers ?? '',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
      KAFKA_SASL_USERNAME: 'ada',
      KAFKA_SASL_PASSWORD: 'lovelace',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: caFile,
      COURSE_TOPIC_PREFIX: 'class-of-2026-ada-',
    };
  }, 300_000);

  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'is used with %s, under the learner’s own prefix',
    async (mechanism) => {
      const kafka = await connectExternalKafka({
        environment: { ...environment, KAFKA_SASL_MECHANISM: mechanism },
      });
      expect(kafka).toMatchObject({ kind: 'external', brokers: 1, topicPrefix: 'class-of-2026-ada-' });
      await withTopic(kafka, { name: 'secure', partitions: 1 }, async (topic) => {
        expect(topic.startsWith('class-of-2026-ada-secure-')).toBe(true);
        await produce(kafka, topic, ['one', 'two']);
        expect(await consume(kafka, topic, 2)).toEqual(['one', 'two']);
      });
    },
  );

  it.each(['PLAIN', 'SCRAM-SHA-512'])(
    'says in one sentence that it refused a wrong password (%s)',
    async (mechanism) => {
      const wrong = { ...environment, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_PASSWORD: 'byron' };
      const error = await failureOf(wrong);
      expect(error).toBeInstanceOf(CourseError);
      expect(error.message).toMatch(/refused the password or the user name ada: check KAFKA_SASL_USERNAME/);
      expect(error.message).not.toContain('byron');
    },
  );

  it('says that its certificate is not trusted', async () => {
    const { KAFKA_SSL_CA_FILE: _file, ...untrusted } = environment;
    expect((await failureOf(untrusted)).message).toMatch(/is not trusted: set KAFKA_SSL_CA_FILE/);
  });

  it('says that a port does not speak TLS', async () => {
    const plain = { ...environment, KAFKA_BOOTSTRAP_SERVERS: cluster.bootstrapServers };
    expect((await failureOf(plain)).message).toMatch(/does not speak TLS on this port|No Kafka answers at/);
  });

  it('is never stopped, and not used where three brokers are needed', async () => {
    const kafka = await connectExternalKafka({ environment });
    await kafka.stop();
    await expect(kafka.stopBroker(1)).rejects.toThrow(/not the course's to stop/);
    await expect(connectExternalKafka({ environment, brokers: 3 })).rejects.toThrow(/needs 3 brokers/);
    await expect(connectExternalKafka({ environment })).resolves.toMatchObject({ kind: 'external' });
  });
});

describe('an external cluster', () => {
  it('that does not answer is one sentence with what to do', async () => {
    const [port] = await freePorts(1);
    const error = await failureOf({ KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${port}` });
    expect(error.message).toBe(
      `No Kafka answers at 127.0.0.1:${port}: check KAFKA_BOOTSTRAP_SERVERS and that the cluster is running (does it want TLS? then KAFKA_SSL=true).`,
    );
  });

  it.each([
    [{ KAFKA_BOOTSTRAP_SERVERS: 'nowhere' }, 'KAFKA_BOOTSTRAP_SERVERS has "nowhere"'],
    [{ KAFKA_SSL: 'maybe' }, 'KAFKA_SSL is "maybe"'],
    [{ KAFKA_SASL_MECHANISM: 'GSSAPI' }, 'KAFKA_SASL_MECHANISM is "GSSAPI"'],
    [{ KAFKA_SASL_USERNAME: 'ada' }, 'set all three, or none'],
    [{ KAFKA_SSL_KEY_FILE: __filename }, 'KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE go together'],
    [{ COURSE_TOPIC_PREFIX: '///' }, 'COURSE_TOPIC_PREFIX is "///"'],
  ])('is a wrong usage with %j', async (wrong, sentence) => {
    const [port] = await freePorts(1);
    const environment = { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${port}`, ...wrong };
    const error =
      'COURSE_TOPIC_PREFIX' in wrong ? caught(() => topicPrefix(wrong)) : await failureOf(environment);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(sentence);
  });

  it('gives a learner a prefix that is legal in a topic name', () => {
    expect(topicPrefix({})).toMatch(/^course-[a-zA-Z0-9_-]+-$/);
    expect(topicPrefix({ COURSE_TOPIC_PREFIX: 'Zoë Ñandú/' })).toBe('Zoe-Nandu-');
  });
});

function failureOf(environment: Record<string, string>): Promise<Error> {
  return connectExternalKafka({ environment }).then(
    () => {
      throw new Error('it was used all the same');
    },
    (error: Error) => error,
  );
}

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

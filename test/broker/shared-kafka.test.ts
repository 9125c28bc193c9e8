import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { describeKafka, KAFKA_VARIABLE, publishKafka, type KafkaDescription } from '../../src/broker/index';
import { freePorts } from '../../src/broker/free-ports';
import { findRunningKafka } from '../../src/broker/shared-kafka';
import { UsageError } from '../../src/support/course-error';
import { coursePath } from '../../src/support/project-paths';

const runFile = coursePath('run', 'kafka.json');
let listening: Server;
let kafka: KafkaDescription;
let before: string | undefined;

beforeAll(async () => {
  // A broker that somebody keeps running here is put back afterwards.
  before = existsSync(runFile) ? readFileSync(runFile, 'utf8') : undefined;
  listening = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  kafka = {
    kind: 'embedded',
    bootstrapServers: `127.0.0.1:${port}`,
    version: '4.4.0',
    brokers: 1,
    topicPrefix: 'course-',
    connection: {},
  };
});

afterEach(() => {
  delete process.env[KAFKA_VARIABLE];
  rmSync(runFile, { force: true });
});

afterAll(() => {
  listening.close();
  if (before !== undefined) writeFileSync(runFile, before, { mode: 0o600 });
});

describe('a published broker', () => {
  it('is found by later commands, until it is taken back; only its owner may read the file', async () => {
    const unpublish = publishKafka(kafka);
    expect(statSync(runFile).mode & 0o777).toBe(0o600);
    const found = await findRunningKafka({});
    expect(found && describeKafka(found)).toEqual(kafka);
    unpublish();
    expect(existsSync(runFile)).toBe(false);
    expect(await findRunningKafka({})).toBeUndefined();
  });

  it('is not stopped by those who share it, nor are its brokers', async () => {
    publishKafka(kafka);
    const found = await findRunningKafka({});
    await found?.stop();
    await expect(found?.stopBroker(1)).rejects.toThrow(/Broker 1 is shared with other commands/);
    expect(existsSync(runFile)).toBe(true);
  });

  it('is not used where more brokers, or another kind, are asked for', async () => {
    publishKafka(kafka);
    expect(await findRunningKafka({ brokers: 3 })).toBeUndefined();
    expect(await findRunningKafka({ kind: 'testcontainers' })).toBeUndefined();
    expect(await findRunningKafka({ kind: 'embedded' })).toBeDefined();
  });

  it.each(['its owner is dead', 'its port does not answer', 'its file is no JSON'])(
    'is ignored and its file removed when %s',
    async (why) => {
      const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
      await once(dead, 'exit');
      const [port] = await freePorts(1);
      const contents: Record<string, string> = {
        'its owner is dead': JSON.stringify({ pid: dead.pid, kafka }),
        'its port does not answer': JSON.stringify({
          pid: process.pid,
          kafka: { ...kafka, bootstrapServers: `127.0.0.1:${port}` },
        }),
        'its file is no JSON': '{',
      };
      mkdirSync(dirname(runFile), { recursive: true });
      writeFileSync(runFile, contents[why] ?? '');
      expect(await findRunningKafka({})).toBeUndefined();
      expect(existsSync(runFile)).toBe(false);
    },
  );

  it('of another process is left alone by unpublish', () => {
    const unpublish = publishKafka(kafka);
    writeFileSync(runFile, JSON.stringify({ pid: process.ppid, kafka }));
    unpublish();
    expect(existsSync(runFile)).toBe(true);
  });
});

describe(KAFKA_VARIABLE, () => {
  it('gives a child process the broker of its parent', async () => {
    process.env[KAFKA_VARIABLE] = JSON.stringify(kafka);
    const found = await findRunningKafka({});
    expect(found && describeKafka(found)).toEqual(kafka);
    expect(await findRunningKafka({ brokers: 3 })).toBeUndefined();
  });

  it.each(['nonsense', '{}', 'null'])('is wrong usage with %s', async (value) => {
    process.env[KAFKA_VARIABLE] = value;
    await expect(findRunningKafka({})).rejects.toThrow(UsageError);
  });
});

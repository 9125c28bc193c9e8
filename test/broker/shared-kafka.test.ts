import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeKafka, KAFKA_VARIABLE, publishKafka, type KafkaDescription } from '../../src/broker/index';
import { freePorts } from '../../src/broker/free-ports';
import { findRunningKafka } from '../../src/broker/shared-kafka';
import { UsageError } from '../../src/support/course-error';

const folder = mkdtempSync(join(tmpdir(), 'course-run-'));
const runFile = join(folder, 'run', 'kafka.json');
let listening: Server;
let kafka: KafkaDescription;

/** Responds to ApiVersions with an error code, as far as anybody looks at it. */
function fakeBroker(): Server {
  return createServer((socket) => {
    socket.on('error', () => {}); // who asked has hung up
    socket.on('data', (request) => {
      const response = Buffer.alloc(10);
      response.writeInt32BE(6, 0);
      request.copy(response, 4, 8, 12);
      response.writeInt16BE(35, 8);
      socket.write(response);
    });
  });
}

beforeAll(async () => {
  delete process.env[KAFKA_VARIABLE]; // `npm test` hands its own broker down by it
  listening = fakeBroker().listen(0, '127.0.0.1');
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
  rmSync(folder, { recursive: true });
});

describe('a published broker', () => {
  it('is found by later commands, until it is taken back; only its owner may read the file', async () => {
    const unpublish = publishKafka(kafka, runFile);
    expect(statSync(runFile).mode & 0o777).toBe(0o600);
    const found = await findRunningKafka({}, runFile);
    expect(found && describeKafka(found)).toEqual(kafka);
    unpublish();
    expect(existsSync(runFile)).toBe(false);
    expect(await findRunningKafka({}, runFile)).toBeUndefined();
  });

  it('is not stopped by those who share it, nor are its brokers', async () => {
    publishKafka(kafka, runFile);
    const found = await findRunningKafka({}, runFile);
    await found?.stop();
    await expect(found?.stopBroker(1)).rejects.toThrow(/Broker 1 is shared with other commands/);
    expect(existsSync(runFile)).toBe(true);
  });

  it('is not used where more brokers, or another kind, are asked for', async () => {
    publishKafka(kafka, runFile);
    expect(await findRunningKafka({ brokers: 3 }, runFile)).toBeUndefined();
    expect(await findRunningKafka({ kind: 'testcontainers' }, runFile)).toBeUndefined();
    expect(await findRunningKafka({ kind: 'embedded' }, runFile)).toBeDefined();
  });

  it.each(['its owner is dead', 'its owner’s process id is another process’s by now', 'its file is no JSON'])(
    'is ignored and its file removed when %s',
    async (why) => {
      const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
      await once(dead, 'exit');
      const contents: Record<string, string> = {
        'its owner is dead': JSON.stringify({ pid: dead.pid, kafka }),
        'its owner’s process id is another process’s by now': JSON.stringify({
          ...{ pid: process.pid, started: 'not when this one started', kafka },
        }),
        'its file is no JSON': '{',
      };
      mkdirSync(dirname(runFile), { recursive: true });
      writeFileSync(runFile, contents[why] ?? '');
      expect(await findRunningKafka({}, runFile)).toBeUndefined();
      expect(existsSync(runFile)).toBe(false);
    },
  );

  it.each(['nobody listens on its port', 'another program has its port'])(
    'is not used, and the command says so, when %s',
    async (why) => {
      const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(other, 'listening');
      try {
        const [free] = await freePorts(1);
        const port = why.startsWith('nobody') ? free : (other.address() as AddressInfo).port;
        publishKafka({ ...kafka, bootstrapServers: `127.0.0.1:${port}` }, runFile);
        const said: string[] = [];
        expect(await findRunningKafka({ onProgress: (line) => said.push(line) }, runFile)).toBeUndefined();
        expect(said).toEqual([
          expect.stringMatching(
            `127.0.0.1:${port}, which process ${process.pid} has started, does not respond`,
          ),
        ]);
      } finally {
        other.close();
      }
    },
  );

  it('is waited for while its owner restarts it, and the command says so once', async () => {
    publishKafka(kafka, runFile, { restarting: true });
    const said: string[] = [];
    const found = await findRunningKafka(
      {
        onProgress: (line) => {
          said.push(line);
          publishKafka(kafka, runFile);
        },
      },
      runFile,
    );
    expect(found?.bootstrapServers).toBe(kafka.bootstrapServers);
    expect(said).toEqual([expect.stringMatching(`has ended; process ${process.pid} is restarting it`)]);
  });

  it('of another process is left alone by unpublish', () => {
    const unpublish = publishKafka(kafka, runFile);
    writeFileSync(runFile, JSON.stringify({ pid: process.ppid, kafka }));
    unpublish();
    expect(existsSync(runFile)).toBe(true);
  });
});

describe(KAFKA_VARIABLE, () => {
  it('gives a child process the broker of its parent', async () => {
    process.env[KAFKA_VARIABLE] = JSON.stringify(kafka);
    const found = await findRunningKafka({}, runFile);
    expect(found && describeKafka(found)).toEqual(kafka);
    expect(await findRunningKafka({ brokers: 3 }, runFile)).toBeUndefined();
  });

  it.each(['nonsense', '{}', 'null'])('is wrong usage with %s', async (value) => {
    process.env[KAFKA_VARIABLE] = value;
    await expect(findRunningKafka({}, runFile)).rejects.toThrow(UsageError);
  });
});

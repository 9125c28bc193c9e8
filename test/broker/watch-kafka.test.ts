import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Kafka } from 'kafkajs';
import { kafkaJsConfig } from '../../src/broker/index';
import { startEmbeddedKafka, type EmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import { fixedPorts, freePorts } from '../../src/broker/free-ports';
import { brokerState } from '../../src/broker/kafka-response';
import { watchKafka } from '../../src/broker/watch-kafka';
import { UsageError } from '../../src/support/course-error';

let kafka: EmbeddedKafka;
let port = 0;

beforeAll(async () => {
  [port = 0] = await freePorts(1);
  kafka = await startEmbeddedKafka({ port });
});
afterAll(() => kafka.stop());

/** Ends a watched broker with `how` and resolves with what the watch said once it is ready again. */
async function restartedAfter(how: () => unknown): Promise<string[]> {
  const said: string[] = [];
  const ready = new Promise<void>((resolve) => {
    const watch = watchKafka(kafka, {
      onProgress: (line) => said.push(line),
      onRestart: (state) => {
        said.push(state);
        if (state === 'ready') void watch.stop().then(resolve);
      },
      everyMs: 50,
      silentForMs: 100,
    });
  });
  await how();
  await ready;
  return said;
}

async function topics(): Promise<string[]> {
  const admin = new Kafka(kafkaJsConfig(kafka)).admin();
  await admin.connect();
  try {
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

describe('a broker on a given port', () => {
  it('is where it was asked for', () => expect(kafka.bootstrapServers).toBe(`127.0.0.1:${port}`));

  it('is refused in one sentence where another program has the port', async () => {
    await expect(startEmbeddedKafka({ port })).rejects.toThrow(UsageError);
    await expect(startEmbeddedKafka({ port })).rejects.toThrow(`Port ${port} is taken: stop what uses it`);
    await expect(fixedPorts(65_535, 3)).rejects.toThrow(UsageError);
  });
});

describe('a watched broker', () => {
  it('is restarted on the same port with the same data when it is killed', async () => {
    const admin = new Kafka(kafkaJsConfig(kafka)).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'course-kept', numPartitions: 1, replicationFactor: 1 }] });
    await admin.disconnect();
    const said = await restartedAfter(() => process.kill(kafka.pids[0]!, 'SIGKILL'));
    // Before that it may be seen to break off a connection.
    expect(said.slice(-3)).toEqual([
      `Kafka on 127.0.0.1:${port} has ended: restarting it on the same port with the same data.`,
      'restarting',
      'ready',
    ]);
    expect(await topics()).toContain('course-kept');
  });

  it('is restarted when it does not respond any more', async () => {
    const said = await restartedAfter(() => process.kill(kafka.pids[0]!, 'SIGSTOP'));
    expect(said[0]).toMatch(/does not respond: it is restarted if it does not in 0\.1 s/);
    expect(said.slice(-2)).toEqual(['restarting', 'ready']);
    expect(await topics()).toContain('course-kept');
  });

  it('is restarted when its guard was killed, too', async () => {
    const said = await restartedAfter(async () => {
      // The guard is the parent of the JVM.
      const ps = spawn('ps', ['-o', 'ppid=', '-p', String(kafka.pids[0])]);
      let guard = '';
      ps.stdout.on('data', (chunk: Buffer) => (guard += chunk.toString()));
      await once(ps, 'close');
      process.kill(Number(guard), 'SIGKILL');
    });
    expect(said.slice(-2)).toEqual(['restarting', 'ready']);
    expect(await brokerState(kafka.bootstrapServers)).toBe('responding');
  });

  it('of somebody else is reported on and left alone', async () => {
    const [free = 0] = await freePorts(1);
    const foreign = { ...kafka, kind: 'external' as const, bootstrapServers: `127.0.0.1:${free}` };
    const line = await new Promise<string>((resolve) => {
      const watch = watchKafka(foreign, {
        onProgress: (said) => void watch.stop().then(() => resolve(said)),
        onRestart: () => resolve('restarted'),
        everyMs: 10,
      });
    });
    expect(line).toBe(`Kafka on 127.0.0.1:${free} has ended: it is not restarted from here.`);
  });
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Fastify from 'fastify';
import { freePorts } from '../../../src/broker/free-ports';
import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { addActuatorRoutes } from '../../../src/lab/server/actuator-routes';
import { projectRoot } from '../../../src/support/project-paths';
import { startLab } from '../support/lab-process';
import type { LabProcess } from '../support/lab-process';

let kafka: CourseKafka;
let lab: LabProcess;

beforeAll(async () => {
  kafka = await useKafka();
  lab = await startLab(kafka);
});
afterAll(async () => {
  await lab.stop();
  await kafka.stop();
});

const json = async (path: string) => (await (await fetch(lab.url + path)).json()) as Record<string, unknown>;

/** What Prometheus reads, after some records. */
async function metricsText(): Promise<string> {
  await fetch(`${lab.url}/api/producer/high-throughput?count=500`, { method: 'POST' });
  return (await fetch(`${lab.url}/actuator/prometheus`)).text();
}

/**
 * Kafka's own names, so that Micrometer has them in the same way: promtool would rather have seconds. Everything else that it
 * says against the metrics is ours to repair.
 */
const NAMES_OF_KAFKA = ['bufferpool_wait', 'flush', 'metadata_wait'].map(
  (what) => `kafka_producer_${what}_time_ns_total metric names should not contain abbreviated units`,
);
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('the actuator', () => {
  it('names its endpoints, as Spring Boot does', async () => {
    const link = (path: string) => ({ href: `${lab.url}/actuator${path}`, templated: false });
    expect(await json('/actuator')).toEqual({
      _links: { self: link(''), health: link('/health'), prometheus: link('/prometheus') },
    });
  });

  it('is UP while the broker responds', async () => {
    expect(await json('/actuator/health')).toMatchObject({
      status: 'UP',
      components: { kafka: { status: 'UP', details: { bootstrapServers: kafka.bootstrapServers } } },
    });
  });

  it('is DOWN, with status 503, when no broker responds', async () => {
    const [port = 0] = await freePorts(1);
    const app = Fastify();
    const gone = { ...kafka, bootstrapServers: `127.0.0.1:${port}` };
    addActuatorRoutes(app, { kafka: gone, producers: { all: [] } });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${url}/actuator/health`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: 'DOWN',
      components: { kafka: { status: 'DOWN' } },
    });
    await app.close();
  });

  it('has a counter for every metric whose name ends in total and a gauge for every other, as Micrometer', async () => {
    const types = [...(await metricsText()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => {
      return { name: name!, type };
    });
    expect(types.length).toBeGreaterThan(40);
    for (const { name, type } of types) {
      expect({ name, type }).toEqual({ name, type: name.endsWith('total') ? 'counter' : 'gauge' });
    }
  });

  it('has every metric that the dashboard and the rules of deploy/monitoring name', async () => {
    const folder = path.join(projectRoot, 'deploy', 'monitoring');
    const files = ['producer-rules.yml', path.join('grafana', 'dashboards', 'producer.json')];
    const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
    const named = new Set(texts.match(/\bkafka_producer_\w+/g));
    const known = new Set([...(await metricsText()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  (hasPromtool ? it : it.skip)(
    'has metrics that promtool accepts (skipped where it is not installed)',
    async () => {
      const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: await metricsText(),
        encoding: 'utf8',
      });
      const said = (stdout + stderr).split('\n').filter((line) => line !== '');
      expect(said.filter((line) => !NAMES_OF_KAFKA.includes(line))).toEqual([]);
    },
  );
});

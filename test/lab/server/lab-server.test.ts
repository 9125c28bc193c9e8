import { useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { startLab } from '../support/lab-process';
import type { LabProcess } from '../support/lab-process';

let kafka: CourseKafka;
let lab: LabProcess;

beforeAll(async () => {
  kafka = await useKafka();
  lab = await startLab(kafka);
});
afterAll(async () => {
  expect(await lab.stop()).toBe(0);
  await kafka.stop();
});

async function post(
  path: string,
  body?: unknown,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const reply = await fetch(lab.url + path, {
    method: 'POST',
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  });
  return { status: reply.status, json: (await reply.json()) as Record<string, unknown> };
}

interface Counted {
  readonly counts: number[];
}
const partitionStats = async () =>
  (await (await fetch(`${lab.url}/api/producer/partition-stats`)).json()) as Record<string, Counted>;
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('the chapter’s steps', () => {
  it('high throughput and low latency: many records per batch against one, as the metrics say, too', async () => {
    const before = await partitionStats();
    const throughput = await post('/api/producer/high-throughput?count=5000');
    const latency = await post('/api/producer/low-latency?count=50');
    expect(throughput).toMatchObject({ status: 200, json: { messages: 5000, failed: 0 } });
    expect(latency).toMatchObject({
      status: 200,
      json: { messages: 50, failed: 0, recordsPerBatch: 1, batches: 50 },
    });
    expect(throughput.json['recordsPerBatch']).toBeGreaterThan(20);
    const after = await partitionStats();
    for (const [name, sent] of [
      ['high-throughput', 5000],
      ['low-latency', 50],
    ] as const) {
      expect(sum(after[name]!.counts) - sum(before[name]!.counts)).toBe(sent);
    }

    const reply = await fetch(`${lab.url}/actuator/prometheus`);
    expect(reply.headers.get('content-type')).toContain('text/plain');
    const text = await reply.text();
    const metric = (name: string, clientId: string) =>
      Number(new RegExp(`^${name}\\{client_id="${clientId}"\\} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(metric('kafka_producer_record_send_total', 'high-throughput')).toBeGreaterThanOrEqual(5000);
    expect(metric('kafka_producer_batch_size_avg', 'high-throughput')).toBeGreaterThan(
      10 * metric('kafka_producer_batch_size_avg', 'low-latency'),
    );
    expect(text).toContain('# HELP kafka_producer_batch_size_avg ');
  });

  it('priority orders: HIGH to partition 0, a customer’s others always to the same one', async () => {
    const order = (priority: string, orderId: string) =>
      post('/api/producer/priority-order', { orderId, customerId: 'customer-7', priority, amountCents: 999 });
    expect(await order('HIGH', 'order-1')).toMatchObject({ status: 200, json: { partition: 0 } });
    const low = await order('LOW', 'order-2');
    expect(low).toMatchObject({
      status: 200,
      json: { order: { orderId: 'order-2', customerId: 'customer-7', priority: 'LOW', amountCents: 999 } },
    });
    expect((await order('LOW', 'order-3')).json['partition']).toBe(low.json['partition']);
    expect(await post('/api/producer/priority-order', { orderId: 'guest', priority: 'LOW' })).toMatchObject({
      status: 200,
      json: { order: { customerId: null, amountCents: 0 } },
    });
    const { 'priority-order': stats } = await partitionStats();
    expect(sum(stats!.counts)).toBe(4);
  });

  it('benchmark: messages per second and latency percentiles', async () => {
    const { status, json } = await post('/api/producer/benchmark?messages=2000&batchSize=65536&lingerMs=5');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      messages: 2000,
      failed: 0,
      settings: { batchSize: 65_536, lingerMs: 5, acks: 'all' },
      latencyMs: { p50: expect.any(Number) as number, p99: expect.any(Number) as number },
    });
    expect(json['messagesPerSecond']).toBeGreaterThan(0);
  });

  it('the live page hears of what was sent', async () => {
    await post('/api/producer/high-throughput?count=700');
    const { intervals } = (await (await fetch(`${lab.url}/api/lab/live`)).json()) as {
      intervals: { clientId: string; batches: number; records: number; queuedMs: number }[];
    };
    const sent = intervals.filter(({ clientId }) => clientId === 'high-throughput');
    expect(sent.length).toBeGreaterThan(0);
    expect(
      sent.every(({ batches, records, queuedMs }) => batches > 0 && records >= batches && queuedMs >= 0),
    ).toBe(true);
  });
});

describe('bad input is 400 and one sentence', () => {
  it.each([
    ['high-throughput?count=0', 'count must be at least 1, not 0.'],
    ['high-throughput?count=1000001', 'count must be at most 1000000, not 1000001.'],
    ['high-throughput?count=many', 'count must be a whole number, not "many".'],
    ['low-latency?cuont=5', 'The query has "cuont", which this path does not know.'],
    ['benchmark?messages=-1', 'messages must be at least 1, not -1.'],
    ['benchmark?compression=rar', 'compression must be one of none, gzip, snappy, lz4, zstd, not "rar".'],
  ])('%s', async (path, sentence) => {
    expect(await post(`/api/producer/${path}`)).toEqual({ status: 400, json: { error: sentence } });
  });

  it.each([
    [{ orderId: '1' }, 'The body has no "priority".'],
    [{ orderId: '1', priority: 'URGENT' }, 'priority must be one of HIGH, NORMAL, LOW, not "URGENT".'],
    [{ orderId: '1', priority: 'LOW', amount: 3 }, 'The body has "amount", which this path does not know.'],
    [{ orderId: '1', priority: 'LOW', amountCents: 0.5 }, 'amountCents must be a whole number, not 0.5.'],
    ['{"orderId', /^The request cannot be read: .+\.$/],
    ['"text"', 'The body must be object.'],
  ])('an order %j', async (body, sentence) => {
    const { status, json } = await post('/api/producer/priority-order', body);
    expect(status).toBe(400);
    expect(json['error']).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
  });

  it('a path that does not exist is 404', async () => {
    expect(await post('/api/nowhere')).toEqual({
      status: 404,
      json: { error: 'There is no POST /api/nowhere here: see /docs.' },
    });
  });
});

describe('the server', () => {
  it('does not mix two loads of one producer', async () => {
    const first = post('/api/producer/low-latency?count=200');
    const second = post('/api/producer/low-latency?count=200');
    const statuses = (await Promise.all([first, second])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
  });

  it('describes itself as OpenAPI, with a page for it', async () => {
    const { paths } = (await (await fetch(`${lab.url}/docs/json`)).json()) as { paths: object };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/producer/high-throughput',
        '/api/producer/low-latency',
        '/api/producer/priority-order',
        '/api/producer/partition-stats',
        '/api/producer/benchmark',
        '/actuator/prometheus',
      ]),
    );
    expect(await (await fetch(`${lab.url}/docs/`)).text()).toContain('swagger-ui');
  });

  it('answers on the loopback interface, to this machine’s own pages only', async () => {
    expect(new URL(lab.url).hostname).toBe('127.0.0.1');
    const foreign = await fetch(`${lab.url}/api/producer/high-throughput`, {
      method: 'POST',
      headers: { Origin: 'http://elsewhere.example' },
    });
    expect(foreign.status).toBe(403);
  });

  it('serves the page and the chart library, and nothing else of node_modules', async () => {
    const status = async (path: string) => (await fetch(lab.url + path)).status;
    expect(await status('/')).toBe(200);
    expect(await status('/vendor/vega/vega.min.js')).toBe(200);
    expect(await status('/vendor/vega/vega.module.js')).toBe(404);
    expect(await status('/vendor/vega/%2e%2e/package.json')).not.toBe(200);
  });

  it('stops gracefully: a load in progress ends early and is answered, then nothing listens any more', async () => {
    const other = await startLab(kafka);
    const running = fetch(`${other.url}/api/producer/low-latency?count=10000`, { method: 'POST' });
    for (let sent = 0; sent === 0;) {
      const reply = await fetch(`${other.url}/actuator/prometheus`);
      sent = Number(/record_send_total\{client_id="low-latency"\} (\d+)/.exec(await reply.text())?.[1] ?? 0);
    }
    const ended = other.stop();
    const reply = await running;
    expect(reply.status).toBe(200);
    expect(((await reply.json()) as { messages: number }).messages).toBeLessThan(10_000);
    expect(await ended).toBe(0);
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

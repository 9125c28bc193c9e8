import type { FastifyInstance } from 'fastify';
import type { KafkaDescription } from '../../broker/index';
import { endOffsets } from '../../network/log-reader';
import { benchmark } from '../load/benchmark';
import type { BenchmarkSettings } from '../load/benchmark';
import type { Order } from '../order';
import { partitionStats } from '../log/partition-stats';
import type { PartitionStats } from '../log/partition-stats';
import { addActuatorRoutes } from './actuator-routes';
import { LoadIsRunning } from './lab-producers';
import type { LabProducers } from './lab-producers';
import {
  BENCHMARK_QUERY,
  ERROR_REPLY,
  HIGH_THROUGHPUT_QUERY,
  LIVE_QUERY,
  LOW_LATENCY_QUERY,
  ORDER_BODY,
} from './lab-schemas';
import { liveChartSpecs } from './live-charts';
import type { LiveStats } from './live-stats';

export interface LabContext {
  readonly kafka: KafkaDescription;
  readonly topics: Readonly<Record<string, string>>;
  readonly producers: LabProducers;
  readonly live: LiveStats;
  readonly endLoads: AbortSignal;
}

/** A handler, and the documentation that the OpenAPI page shows of it. */
const documented = (summary: string, schema: object) => ({
  schema: { summary, response: { 400: ERROR_REPLY, 409: ERROR_REPLY }, ...schema },
});

export function addLabRoutes(app: FastifyInstance, context: LabContext): void {
  addProducerRoutes(app, context);
  addBenchmarkRoute(app, context);
  addReadingRoutes(app, context);
  addActuatorRoutes(app, context);
}

function addProducerRoutes(app: FastifyInstance, { producers }: LabContext): void {
  app.post<{ Querystring: { count: number } }>(
    '/api/producer/high-throughput',
    documented('Send orders in big, compressed batches', { querystring: HIGH_THROUGHPUT_QUERY }),
    ({ query }) => producers.sendOrders('high-throughput', query.count),
  );
  app.post<{ Querystring: { count: number } }>(
    '/api/producer/low-latency',
    documented('Send orders one by one, acknowledged by the leader', { querystring: LOW_LATENCY_QUERY }),
    ({ query }) => producers.sendOrders('low-latency', query.count),
  );
  app.post<{ Body: Order }>(
    '/api/producer/priority-order',
    documented('Send one order; priority HIGH goes to partition 0', { body: ORDER_BODY }),
    async ({ body }) => {
      // The order of the fields on the wire is that of the course, not that of the request.
      const { orderId, customerId, priority, amountCents } = body;
      const order = { orderId, customerId, priority, amountCents };
      const { topic, partition, offset } = await producers.sendPriorityOrder(order);
      return { order, topic, partition, offset: Number(offset) };
    },
  );
}

interface BenchmarkQuery {
  readonly messages: number;
  readonly size: number;
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly compression: BenchmarkSettings['compressionType'];
  readonly acks: BenchmarkSettings['acks'];
}

function addBenchmarkRoute(app: FastifyInstance, { kafka, live, endLoads }: LabContext): void {
  let isRunning = false;
  app.post<{ Querystring: BenchmarkQuery }>(
    '/api/producer/benchmark',
    documented('Messages per second and latency percentiles', { querystring: BENCHMARK_QUERY }),
    async ({ query }) => {
      if (isRunning) throw new LoadIsRunning('A benchmark is running already: try again when it has ended.');
      isRunning = true;
      try {
        const { messages, size, batchSize, lingerMs, compression, acks } = query;
        const settings = {
          messages,
          sizeInBytes: size,
          batchSize,
          lingerMs,
          compressionType: compression,
          acks,
        };
        const options = { onBatch: live.listener('benchmark'), signal: endLoads };
        return { settings, ...(await benchmark(kafka, settings, options)) };
      } finally {
        isRunning = false;
      }
    },
  );
}

function addReadingRoutes(app: FastifyInstance, context: LabContext): void {
  const { kafka, topics, live } = context;
  const countTopics = async (): Promise<Record<string, { topic: string } & PartitionStats>> => {
    const counted = await Promise.all(
      Object.entries(topics).map(async ([name, topic]) => {
        const counts = (await endOffsets(kafka, topic)).map(Number);
        return [name, { topic, ...partitionStats(counts) }] as const;
      }),
    );
    return Object.fromEntries(counted);
  };
  app.get(
    '/api/producer/partition-stats',
    documented(
      'Records per partition as the broker counts them, with skew figures, for each of the lab’s topics',
      {},
    ),
    countTopics,
  );
  app.get<{ Querystring: { since: number } }>(
    '/api/lab/live',
    documented('What the live page draws: sums over short intervals since a time', {
      querystring: LIVE_QUERY,
    }),
    ({ query }) => ({ nowMs: Date.now(), intervals: live.since(query.since) }),
  );
  app.get('/api/lab/charts', documented('The charts of the live page as Vega-Lite', {}), () =>
    liveChartSpecs(),
  );
}

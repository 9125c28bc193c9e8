import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { createTopic, deleteTopics } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { projectRoot } from '../../support/project-paths';
import { replyWithError } from './lab-errors';
import { addLabRoutes } from './lab-routes';
import { LabProducers } from './lab-producers';
import type { LabTopics } from './lab-producers';
import { LiveStats } from './live-stats';

export interface LabServer {
  readonly url: string;
  /** Ends running loads, answers what was asked, closes the producers and deletes the lab's topics. */
  close(): Promise<void>;
}

export interface LabServerOptions {
  readonly kafka: KafkaDescription;
  /** 0: any free one. */
  readonly port?: number;
}

export const DEFAULT_PORT = 8080;
export const PARTITIONS = 6;
const LOOPBACK = '127.0.0.1';
const ANSWER_WITHIN_MS = 5000;
/** An order is a hundred bytes. */
const BODY_LIMIT = 16 * 1024;

/** The chapter's hands-on lab over HTTP, for this machine only. */
export async function startLabServer({ kafka, port = DEFAULT_PORT }: LabServerOptions): Promise<LabServer> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    // An unknown name in a query or body is an error and not left out; the numbers of a query are text.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, useDefaults: true } },
    forceCloseConnections: 'idle',
  });
  const topics = await createLabTopics(kafka);
  const live = new LiveStats();
  const endLoads = new AbortController();
  const producers = new LabProducers({ kafka, topics, live, endLoads: endLoads.signal });
  const requests = new OpenRequests(app);
  const close = async () => {
    endLoads.abort();
    const closed = app.close();
    // Whoever waits for a load is answered first; a broker that answers nobody must not keep the lab from ending.
    await Promise.race([requests.allAnswered(), setTimeout(ANSWER_WITHIN_MS, undefined, { ref: false })]);
    await producers.close();
    // What is left are connections that browsers keep for a next request.
    app.server.closeAllConnections();
    await closed;
    await deleteTopics(kafka, Object.values(topics));
  };
  try {
    onlyForThisMachine(app);
    app.setErrorHandler(replyWithError);
    app.setNotFoundHandler((request, reply) =>
      reply.status(404).send({ error: `There is no ${request.method} ${request.url} here: see /docs.` }),
    );
    await addDocumentation(app);
    await addPage(app);
    addLabRoutes(app, { kafka, topics, producers, live, endLoads: endLoads.signal });
    const url = await app.listen({ host: LOOPBACK, port });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The requests that wait for their response. */
class OpenRequests {
  #open = 0;
  #onNone: () => void = () => {};

  constructor(app: FastifyInstance) {
    app.addHook('onRequest', (_request, _reply, done) => {
      this.#open++;
      done();
    });
    app.addHook('onResponse', (_request, _reply, done) => {
      if (--this.#open === 0) this.#onNone();
      done();
    });
  }

  allAnswered(): Promise<void> {
    return this.#open === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onNone = resolve));
  }
}

async function createLabTopics(kafka: KafkaDescription): Promise<LabTopics> {
  const make = (name: string) => createTopic(kafka, { name: `lab-${name}`, partitions: PARTITIONS });
  return {
    'high-throughput': await make('high-throughput'),
    'low-latency': await make('low-latency'),
    'priority-order': await make('priority-order'),
  };
}

/** A page of somebody else's, open in the same browser, must not start loads here, by its own name or under a borrowed one. */
function onlyForThisMachine(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    const isOwn = (host: string) => /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
    if (!isOwn(request.host) || (origin !== undefined && !isOwn(origin.replace(/^http:\/\//, '')))) {
      await reply.status(403).send({ error: 'The lab answers only to pages and programs of this machine.' });
    }
  });
}

async function addDocumentation(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Producer lab',
        description: 'The hands-on lab of the chapter "Producer Internals".',
        version: '1',
      },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
}

/** The live page and the chart library that it uses, from the project's own folders: there is no need for a network. */
async function addPage(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, { root: path.join(__dirname, 'page'), prefix: '/', wildcard: false });
  for (const library of ['vega', 'vega-lite', 'vega-embed']) {
    await app.register(fastifyStatic, {
      root: path.join(projectRoot, 'node_modules', library, 'build'),
      prefix: `/vendor/${library}/`,
      decorateReply: false,
      wildcard: true,
      allowedPath: (file) => file.endsWith('.min.js'),
    });
  }
}

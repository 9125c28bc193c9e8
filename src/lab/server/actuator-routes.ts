import type { FastifyInstance } from 'fastify';
import { anyResponds } from '../../broker/kafka-response';
import type { KafkaDescription } from '../../broker/index';
import { prometheusMetrics } from '../../producer/index';
import type { LabProducers } from './lab-producers';

export interface ActuatorContext {
  readonly kafka: KafkaDescription;
  readonly producers: Pick<LabProducers, 'all'>;
}

const BASE = '/actuator';

/** The endpoints that Spring Boot's Actuator has under these paths, in its form, as far as the chapter's lab uses them. */
export function addActuatorRoutes(app: FastifyInstance, { kafka, producers }: ActuatorContext): void {
  app.get(BASE, { schema: { summary: 'The endpoints below this path' } }, (request) => {
    const link = (path: string) => ({ href: `http://${request.host}${BASE}${path}`, templated: false });
    return { _links: { self: link(''), health: link('/health'), prometheus: link('/prometheus') } };
  });
  app.get(
    `${BASE}/health`,
    { schema: { summary: 'UP while a broker responds; otherwise DOWN, with status 503' } },
    async (_request, reply) => {
      const { bootstrapServers, connection } = kafka;
      const isUp = await anyResponds(bootstrapServers, { tls: connection.ssl !== undefined });
      const status = isUp ? 'UP' : 'DOWN';
      void reply.status(isUp ? 200 : 503);
      return { status, components: { kafka: { status, details: { bootstrapServers } } } };
    },
  );
  app.get(
    `${BASE}/prometheus`,
    { schema: { summary: 'Metrics of the producers, under the names and with the types of Micrometer' } },
    async (_request, reply) => {
      const { contentType, body } = await prometheusMetrics(producers.all);
      void reply.type(contentType);
      return body;
    },
  );
}

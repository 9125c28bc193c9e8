import { logLevel, type KafkaConfig } from 'kafkajs';
// For what it mends: every kafkajs client of the process would warn of a negative timeout on Node 24.
import '../network/kafkajs-internals';
import type { KafkaConnection } from './course-kafka';

/** What kafkajs's `new Kafka(…)` takes to reach these brokers. It logs nothing: whatever goes wrong reaches its caller. */
export function kafkaJsConfig(kafka: {
  bootstrapServers: string;
  connection?: KafkaConnection;
}): KafkaConfig {
  const { ssl, sasl } = kafka.connection ?? {};
  return {
    clientId: 'course',
    brokers: kafka.bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    // Its own 10 s would renew a SASL session of 10 s before every request, and a broker takes one renewal a second (KIP-368).
    reauthenticationThreshold: 500,
    ...(ssl !== undefined && { ssl }),
    // A copy, because kafkajs puts a function of its own into it, and a description has to cross process boundaries.
    ...(sasl && { sasl: { ...sasl } as NonNullable<KafkaConfig['sasl']> }),
  };
}

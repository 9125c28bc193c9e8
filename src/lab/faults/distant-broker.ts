import { describeKafka } from '../../broker/index';
import type { CourseKafka, KafkaDescription } from '../../broker/index';
import { startFaultProxy } from './fault-proxy';

/**
 * The same brokers, as if they stood that far away: every response to a Produce request comes `responseDelayMs` later. On one
 * machine a response takes a fraction of a millisecond, and what waiting for it costs could not be told from noise.
 */
export async function withDistantBroker<T>(
  kafka: CourseKafka,
  responseDelayMs: number,
  use: (distant: KafkaDescription) => Promise<T>,
): Promise<T> {
  const proxy = await startFaultProxy({
    bootstrapServers: kafka.bootstrapServers,
    faults: [{ fault: { kind: 'delay-response', ms: responseDelayMs } }],
  });
  try {
    return await use({ ...describeKafka(kafka), bootstrapServers: proxy.bootstrapServers });
  } finally {
    await proxy.close();
  }
}

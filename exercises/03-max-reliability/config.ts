import type { ProducerConfig } from '../../src/producer/index';

/**
 * A config for a service that books payments: none may be lost, none booked twice, and all stay in the order in which they
 * were sent, whatever happens to connections and brokers. It may take as long as it takes.
 */
// TODO: Choose the settings, with Kafka's names: acks, 'enable.idempotence', retries and the requests in flight.
// Replace `undecided()` by an object, such as { 'client.id': 'payments' }. You may leave out settings whose defaults are right.
export const maxReliability: ProducerConfig = undecided();
function undecided(): ProducerConfig {
  throw new Error('not started yet');
}

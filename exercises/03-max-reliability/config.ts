import type { ProducerConfig } from '../../src/producer/index';

/**
 * For a service that books payments: none may be lost, none booked twice, and all of them stay in the order in which they
 * were sent, whatever happens to connections and brokers. How long that takes does not matter.
 */
// TODO: Choose the settings, with Kafka's names: acks, 'enable.idempotence', retries and the requests in flight.
// Replace `undecided()` by an object, such as { 'client.id': 'payments' }. You may leave out what is right by default.
export const maxReliability: ProducerConfig = undecided();
function undecided(): ProducerConfig {
  throw new Error('not started yet');
}

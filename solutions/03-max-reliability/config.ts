import type { ProducerConfig } from '../../src/producer/index';

/**
 * For a service that books payments: none may be lost, none booked twice, and all of them stay in the order in which they
 * were sent, whatever happens to connections and brokers. How long that takes does not matter.
 */
// @todo Choose the settings, with Kafka's names: acks, 'enable.idempotence', retries and the requests in flight.
// Replace `undecided()` by an object, such as { 'client.id': 'payments' }. You may leave out what is right by default.
// @stub export const maxReliability: ProducerConfig = undecided();
// @stub
// @stub function undecided(): ProducerConfig {
// @stub   throw new Error('not started yet');
// @stub }
export const maxReliability: ProducerConfig = {
  // Delivered means: every replica in sync has it. One of them may be lost, then, and the record is still there.
  acks: 'all',
  // Said aloud, although it is the default: asked for by name, it cannot be switched off silently by another setting.
  'enable.idempotence': true,
  // As often as it takes. What ends it is time: delivery.timeout.ms.
  retries: 2_147_483_647,
  // The one that is not the default. Idempotence keeps the order of up to five, by having later batches come again;
  // with one there is nothing that could overtake, also when a batch fails for good.
  'max.in.flight.requests.per.connection': 1,
};
// @end

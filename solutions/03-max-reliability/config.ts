import type { ProducerConfig } from '../../src/producer/index';

/**
 * A config for a service that books payments: none may be lost, none booked twice, and all stay in the order in which they
 * were sent, whatever happens to connections and brokers. It may take as long as it takes.
 */
// @todo Choose the settings, with Kafka's names: acks, 'enable.idempotence', retries and the requests in flight.
// Replace `undecided()` by an object, such as { 'client.id': 'payments' }. You may leave out settings whose defaults are right.
// @stub export const maxReliability: ProducerConfig = undecided();
// @stub
// @stub function undecided(): ProducerConfig {
// @stub   throw new Error('not started yet');
// @stub }
export const maxReliability: ProducerConfig = {
  // Delivered means: every in-sync replica has it. If one of them is lost, the record is still there.
  acks: 'all',
  // Written down, although it is the default: then no other setting can switch it off without an error.
  'enable.idempotence': true,
  // As often as necessary. Time ends it: delivery.timeout.ms.
  retries: 2_147_483_647,
  // The only one that is not the default. Idempotence keeps the order with up to five, because the producer retries the
  // later batches; with one, nothing can overtake, even when a batch fails for good.
  'max.in.flight.requests.per.connection': 1,
};
// @end

import type { ProducerConfig } from '../../src/producer/index';

/**
 * A config for a service that sends a price now and then, which is worth something only while it is new: each one leaves at
 * once, alone, and counts as delivered as soon as the leader has it.
 */
// @todo Choose the settings, with Kafka's names: 'batch.size', 'linger.ms', acks.
// Replace `undecided()` by an object, such as { 'client.id': 'prices' }. Mind the defaults of what you leave out.
// @stub export const lowLatency: ProducerConfig = undecided();
// @stub
// @stub function undecided(): ProducerConfig {
// @stub   throw new Error('not started yet');
// @stub }
export const lowLatency: ProducerConfig = {
  // No room for a second record: a batch is closed by the record that opened it.
  'batch.size': 1,
  // Written down because it is 5 by default since Kafka 4.0. It matters even at this batch.size: a record that does not
  // fill its batch would wait.
  'linger.ms': 0,
  // The leader's acknowledgement is enough. Not '0': lost records would go unseen. This switches idempotence off, without
  // an error.
  acks: '1',
};
// @end

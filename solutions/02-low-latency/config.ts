import type { ProducerConfig } from '../../src/producer/index';

/**
 * For a service that sends a price now and then, worth something only while it is new: each one leaves at once, alone, and
 * counts as delivered as soon as its leader has it.
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
  // To be said aloud since Kafka 4.0, where it is 5 by default. It counts even at this batch.size: a lone record would wait.
  'linger.ms': 0,
  // The leader's word is enough. Not '0': then nobody would hear of a record that got lost. It ends idempotence silently.
  acks: '1',
};
// @end

import type { ProducerConfig } from '../../src/producer/index';

/**
 * A config for a service that sends a price now and then, which is worth something only while it is new: each one leaves at
 * once, alone, and counts as delivered as soon as the leader has it.
 */
// TODO: Choose the settings, with Kafka's names: 'batch.size', 'linger.ms', acks.
// Replace `undecided()` by an object, such as { 'client.id': 'prices' }. Mind the defaults of what you leave out.
export const lowLatency: ProducerConfig = undecided();
function undecided(): ProducerConfig {
  throw new Error('not started yet');
}

import type { ProducerConfig } from '../../src/producer/index';

/**
 * A config for a service that sends millions of orders an hour and can wait a few hundredths of a second for each: as many
 * as possible in a batch, as few bytes as possible on the wire, and no order lost or duplicated.
 */
// TODO: Choose the settings, with Kafka's names: 'batch.size', 'linger.ms' and whatever else you need.
// Replace `undecided()` by an object, such as { 'client.id': 'orders' }. Leave out settings whose defaults are right.
export const highThroughput: ProducerConfig = undecided();
function undecided(): ProducerConfig {
  throw new Error('not started yet');
}

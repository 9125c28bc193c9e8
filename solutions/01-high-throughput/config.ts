import type { ProducerConfig } from '../../src/producer/index';

/**
 * A config for a service that sends millions of orders an hour and can wait a few hundredths of a second for each: as many
 * as possible in a batch, as few bytes as possible on the wire, and no order lost or duplicated.
 */
// @todo Choose the settings, with Kafka's names: 'batch.size', 'linger.ms' and whatever else you need.
// Replace `undecided()` by an object, such as { 'client.id': 'orders' }. Leave out settings whose defaults are right.
// @stub export const highThroughput: ProducerConfig = undecided();
// @stub
// @stub function undecided(): ProducerConfig {
// @stub   throw new Error('not started yet');
// @stub }
export const highThroughput: ProducerConfig = {
  // Room: 64 KB instead of 16 KB. In a rush, batches reach this limit.
  'batch.size': 65_536,
  // Time: in quieter minutes a batch would leave half empty after the default of 5 ms.
  'linger.ms': 50,
  // A batch is compressed as a whole, so large batches compress better. lz4 costs little CPU.
  'compression.type': 'lz4',
  // Larger batches, open and in flight, need more memory.
  'buffer.memory': 67_108_864,
  // The defaults since Kafka 3, written down: speed must not cost lost or duplicated orders.
  acks: 'all',
  'enable.idempotence': true,
};
// @end

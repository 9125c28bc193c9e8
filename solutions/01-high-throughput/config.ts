import type { ProducerConfig } from '../../src/producer/index';

/**
 * For a service that sends millions of orders an hour and can wait a few hundredths of a second for each: as many as
 * possible in a batch, as few bytes as possible on the wire, and no order lost or doubled.
 */
// @todo Choose the settings, with Kafka's names: 'batch.size', 'linger.ms' and what else it takes.
// Replace `undecided()` by an object, such as { 'client.id': 'orders' }. Leave out what is right by default.
// @stub export const highThroughput: ProducerConfig = undecided();
// @stub
// @stub function undecided(): ProducerConfig {
// @stub   throw new Error('not started yet');
// @stub }
export const highThroughput: ProducerConfig = {
  // Room: 64 KB instead of 16 KB. In a rush this is the limit that counts.
  'batch.size': 65_536,
  // Time: in quieter minutes a batch would leave half empty after the default of 5 ms.
  'linger.ms': 50,
  // A batch is compressed as a whole, so large batches compress better. lz4 hardly costs CPU.
  'compression.type': 'lz4',
  // More batches are open and in flight at a time, and they are larger: memory for them.
  'buffer.memory': 67_108_864,
  // The defaults since Kafka 3, said aloud: speed is not bought with lost or doubled orders.
  acks: 'all',
  'enable.idempotence': true,
};
// @end

// caught by: buffer-memory: send() when buffer.memory is used up
// max.block.ms forgotten.
export const answers: Record<string, string> = {
  linger: 'b',
  sticky: 'c',
  'buffer-memory': 'd',
  idempotence: 'd',
  order: 'a',
  'full-batch': 'c',
  'new-partitions': 'c',
  'leader-acks': 'b',
  'six-in-flight': 'a',
  'small-batches': 'b',
  'silent-failure': 'd',
  'sixth-batch': 'b',
  restart: 'a',
};

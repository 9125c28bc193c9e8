// caught by: small-batches: zstd on orders that each have a batch of their own
// As if the ratio belonged to the codec alone.
export const answers: Record<string, string> = {
  linger: 'b',
  sticky: 'c',
  'buffer-memory': 'b',
  idempotence: 'd',
  order: 'a',
  'full-batch': 'c',
  'new-partitions': 'c',
  'leader-acks': 'b',
  'six-in-flight': 'a',
  'small-batches': 'a',
  'silent-failure': 'd',
  'sixth-batch': 'b',
  restart: 'a',
};

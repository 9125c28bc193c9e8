// caught by: sticky: records without a key, against round robin
// Sticky taken for round robin with a better balance.
export const answers: Record<string, string> = {
  linger: 'b',
  sticky: 'a',
  'buffer-memory': 'b',
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

// caught by: silent-failure: a refused record at whose future nobody looks
// As with any other promise in Node.
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
  'small-batches': 'b',
  'silent-failure': 'a',
  'sixth-batch': 'b',
  restart: 'a',
};

// caught by: linger: what linger.ms 50 does to a steady stream
// Taken for a delay of every request.
export const answers: Record<string, string> = {
  linger: 'a',
  sticky: 'c',
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

// caught by: linger: what linger.ms 50 does to a steady stream
// The letters of the README are small.
export const answers: Record<string, string> = {
  linger: 'B',
  sticky: 'C',
  'buffer-memory': 'B',
  idempotence: 'D',
  order: 'A',
  'full-batch': 'C',
  'new-partitions': 'C',
  'leader-acks': 'B',
  'six-in-flight': 'A',
  'small-batches': 'B',
  'silent-failure': 'D',
  'sixth-batch': 'B',
  restart: 'A',
};

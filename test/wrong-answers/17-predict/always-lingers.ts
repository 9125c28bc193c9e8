// caught by: full-batch: a batch that is full long before linger.ms is over
// linger.ms taken for the time that every batch waits.
export const answers: Record<string, string> = {
  linger: 'b',
  sticky: 'c',
  'buffer-memory': 'b',
  idempotence: 'd',
  order: 'a',
  'full-batch': 'a',
  'new-partitions': 'c',
  'leader-acks': 'b',
  'six-in-flight': 'a',
  'small-batches': 'b',
  'silent-failure': 'd',
  'sixth-batch': 'b',
  restart: 'a',
};

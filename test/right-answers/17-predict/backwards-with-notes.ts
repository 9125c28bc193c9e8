// In another order, and with something that nobody asked.
export const answers: Record<string, string> = {
  restart: 'a',
  'sixth-batch': 'b',
  'silent-failure': 'd',
  'small-batches': 'b',
  'six-in-flight': 'a',
  'leader-acks': 'b',
  'new-partitions': 'c',
  'full-batch': 'c',
  order: 'a',
  idempotence: 'd',
  'buffer-memory': 'b',
  sticky: 'c',
  linger: 'b',
  notes: 'z',
};

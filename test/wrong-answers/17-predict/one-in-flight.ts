// caught by: order: what is kept in order on a topic with three partitions
// One request in flight orders a partition, and no more than that.
export const answers: Record<string, string> = {
  linger: 'b',
  sticky: 'c',
  'buffer-memory': 'b',
  idempotence: 'd',
  order: 'c',
  'full-batch': 'c',
  'new-partitions': 'c',
  'leader-acks': 'b',
  'six-in-flight': 'a',
  'small-batches': 'b',
  'silent-failure': 'd',
  'sixth-batch': 'b',
  restart: 'a',
};

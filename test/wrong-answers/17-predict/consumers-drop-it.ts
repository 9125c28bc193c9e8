// caught by: idempotence: a batch that is sent again after its acknowledgement got lost
// The work of the broker, expected of consumers.
export const answers: Record<string, string> = {
  linger: 'b',
  sticky: 'c',
  'buffer-memory': 'b',
  idempotence: 'a',
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

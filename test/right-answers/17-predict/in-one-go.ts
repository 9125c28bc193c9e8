const letters = 'bcbdaccbabdba';
const questions = [
  'linger',
  'sticky',
  'buffer-memory',
  'idempotence',
  'order',
  'full-batch',
  'new-partitions',
  'leader-acks',
  'six-in-flight',
  'small-batches',
  'silent-failure',
  'sixth-batch',
  'restart',
];

// Written down in one go.
export const answers = Object.fromEntries(questions.map((id, index) => [id, letters[index]!]));

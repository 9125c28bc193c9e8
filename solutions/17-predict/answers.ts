/**
 * One letter for each question of the README. Leave out a question that you do not want to predict yet.
 */
// @todo Replace each `undecided()` by the letter of your prediction, such as 'a'.
// To grade before all are decided, delete the lines of the others.
// @stub export const answers: Record<string, string> = {
// @stub   linger: undecided(),
// @stub   sticky: undecided(),
// @stub   'buffer-memory': undecided(),
// @stub   idempotence: undecided(),
// @stub   order: undecided(),
// @stub   'full-batch': undecided(),
// @stub   'new-partitions': undecided(),
// @stub   'leader-acks': undecided(),
// @stub   'six-in-flight': undecided(),
// @stub   'small-batches': undecided(),
// @stub   'silent-failure': undecided(),
// @stub   'sixth-batch': undecided(),
// @stub   restart: undecided(),
// @stub };
// @stub
// @stub function undecided(): string {
// @stub   throw new Error('not started yet');
// @stub }
export const answers: Record<string, string> = {
  // A batch waits for more records, at most that long.
  linger: 'b',
  // A burst stays together, and a later one goes elsewhere.
  sticky: 'c',
  // Java blocks the thread and returns a failed future; here you await send(), which rejects.
  'buffer-memory': 'b',
  // It responds with the original offset, as if nothing had happened.
  idempotence: 'd',
  // A partition is a log; a topic is several of them. Across them: transactions and read_committed.
  order: 'a',
  // linger.ms is the longest wait, not the usual one.
  'full-batch': 'c',
  // Only hashes with the same remainder for 6 and 8 stay: 6 of 24.
  'new-partitions': 'c',
  // Only an explicit enable.idempotence=true makes it an error.
  'leader-acks': 'b',
  // Since Kafka 4.0, also when idempotence was not set.
  'six-in-flight': 'a',
  // A batch is compressed as a whole; a lone order repeats nothing.
  'small-batches': 'b',
  // As in Java: a program that sends and forgets learns nothing.
  'silent-failure': 'd',
  // OUT_OF_ORDER_SEQUENCE_NUMBER; this is where "at most five in flight" comes from.
  'sixth-batch': 'b',
  // Idempotence ends with the session, unless there is a transactional.id.
  restart: 'a',
};
// @end

/**
 * One letter for each question of the README. A question that is left out is not predicted yet.
 */
// @todo Replace each `undecided()` by the letter of your prediction, such as 'a'.
// To be graded before all are decided, delete the lines of those that are not.
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
  // A batch waits for company, at most that long.
  linger: 'b',
  // A burst stays together, and the next one goes somewhere else.
  sticky: 'c',
  // Java blocks the thread; here, awaiting send() does the same.
  'buffer-memory': 'b',
  // It answers with the offset of the first time, as if nothing had been.
  idempotence: 'd',
  // A partition is a log; a topic is several of them. Across them: transactions and read_committed.
  order: 'a',
  // linger.ms is the longest wait, not the usual one.
  'full-batch': 'c',
  // Only hashes with the same remainder for 6 and 8 stay: 6 of 24.
  'new-partitions': 'c',
  // Only an explicit enable.idempotence makes it an error.
  'leader-acks': 'b',
  // Since Kafka 4.0, also when idempotence was not set.
  'six-in-flight': 'a',
  // A batch is compressed as a whole; a lone order repeats nothing.
  'small-batches': 'b',
  // As in Java: who sends and forgets is told nothing.
  'silent-failure': 'd',
  // OUT_OF_ORDER_SEQUENCE_NUMBER; this is where "at most five in flight" comes from.
  'sixth-batch': 'b',
  // Idempotence ends with the session, unless there is a transactional.id.
  restart: 'a',
};
// @end

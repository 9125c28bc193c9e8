/** Sequence numbers run from 0 to 2147483647 and start again: arithmetic of Java's DefaultRecordBatch. */
const MAX_SEQUENCE = 2_147_483_647;
const SEQUENCES = MAX_SEQUENCE + 1;

export function incrementSequence(sequence: number, by: number): number {
  return (sequence + by) % SEQUENCES;
}

export function decrementSequence(sequence: number, by: number): number {
  return (sequence - by + SEQUENCES) % SEQUENCES;
}

/**
 * Below 0 when `a` comes before `b`. Within half the range of each other, which batches in flight always are, so that 0
 * comes behind 2147483647. (Java compares plainly, and has the order wrong for the batches around the wrap.)
 */
export function compareSequences(a: number, b: number): number {
  const distance = a - b;
  if (distance > SEQUENCES / 2) return distance - SEQUENCES;
  return distance < -SEQUENCES / 2 ? distance + SEQUENCES : distance;
}

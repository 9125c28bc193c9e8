import { WrongAnswer } from '../../../src/course/grading/wrong-answer';
import type { DecodedRecord } from '../../../src/network/log-reader';
import type { Carried } from '../probes/support/carry-with-parts';

export interface CarriedLog {
  readonly part: string;
  readonly partitions: readonly number[];
  readonly carried: Carried;
  readonly stored: readonly (readonly DecodedRecord[])[];
  readonly readOn: string;
  /** Whether records of a partition were sent one after the other, so that their order means something. */
  readonly inOrder: boolean;
}

/** Judges what the real producer did with a learner's part inside: every record acknowledged, and in the log once. */
export function judgeCarriedLog({ part, partitions, carried, stored, readOn, inOrder }: CarriedLog): void {
  const count = partitions.length;
  const wrong = (seen: string, expected: string): WrongAnswer =>
    new WrongAnswer({ seen: `with your ${part} inside, ${seen}`, expected, readOn });
  if (!carried.finished) {
    throw wrong(
      `the producer came to a stop after ${carried.acknowledged} of ${count} records`,
      `all ${count} acknowledged: something waits for what never happens`,
    );
  }
  if (carried.firstError !== null) {
    throw wrong(
      `a record failed: ${carried.firstError}`,
      `all ${count} records acknowledged, as with Kafka's own rule`,
    );
  }
  for (const [partition, records] of stored.entries()) {
    const numbers = records.map(({ value }) => Number(value!.toString('latin1').replace(/\.+$/, '')));
    const sent = partitions.flatMap((one, number) => (one === partition ? [number] : []));
    if (!inOrder) numbers.sort((a, b) => a - b);
    const at = sent.findIndex((number, index) => number !== numbers[index]);
    if (at < 0 && numbers.length === sent.length) continue;
    const where = at < 0 ? sent.length : at;
    throw wrong(
      `partition ${partition} holds ${numbers.length} records, and where record ${sent[where] ?? 'none'} should be there is ${numbers[where] ?? 'nothing'}`,
      `${sent.length} records, each once${inOrder ? ' and in the order in which they were sent' : ''}`,
    );
  }
}

/** The three things a failed test tells. */
export interface WrongAnswerDetails {
  /** With the record, key or batch that shows it. */
  readonly seen: string;
  readonly expected: string;
  /** A notebook, a section of a README or a Kafka page. */
  readonly readOn: string;
}

/** A grader's verdict: the answer ran, and what it did is not what was asked. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';

  constructor(readonly details: WrongAnswerDetails) {
    super(`Seen: ${details.seen}\nExpected: ${details.expected}\nRead on: ${details.readOn}`);
  }
}

interface Answer {
  readonly SequenceTracker: new (
    producerId: bigint,
    epoch: number,
  ) => { stamp(partition: number, recordCount: number): unknown; bumpEpoch(): unknown };
}

/** A batch to be stamped, or `bump` for the next epoch. */
export type Step = { readonly partition: number; readonly records: number } | 'bump';

/** A stamp as plain data: values of another type in words. */
export interface Stamp {
  readonly producerId: bigint | string;
  readonly producerEpoch: number | string;
  readonly baseSequence: number | string;
}

/** Takes the steps on a new tracker, and looks at the stamps only in the end, as a batch that is sent again does. */
export function stampAll(
  answer: Answer,
  input: { producerId: bigint; epoch: number; steps: readonly Step[] },
): Stamp[] {
  const tracker = new answer.SequenceTracker(input.producerId, input.epoch);
  const stamps: unknown[] = [];
  for (const step of input.steps) {
    if (step === 'bump') tracker.bumpEpoch();
    else stamps.push(tracker.stamp(step.partition, step.records));
  }
  return stamps.map((stamp) => {
    const { producerId, producerEpoch, baseSequence } = (stamp ?? {}) as Record<string, unknown>;
    return {
      producerId: typeof producerId === 'bigint' ? producerId : inWords(producerId),
      producerEpoch: typeof producerEpoch === 'number' ? producerEpoch : inWords(producerEpoch),
      baseSequence: typeof baseSequence === 'number' ? baseSequence : inWords(baseSequence),
    };
  });
}

function inWords(value: unknown): string {
  const readable = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return readable ? `${value} (${typeof value})` : typeof value;
}

import type { ProducerParts } from '../../../src/producer/index';
import type { TraceEvent } from '../../../src/trace/trace-event';
import { carryWithParts } from './support/carry-with-parts';
import type { Carried, PartsCarriage } from './support/carry-with-parts';
import { ForgetfulNetwork } from './support/forgetful-network';

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

/** A batch that went out once more, after its acknowledgement was lost. */
export interface Resend {
  readonly partition: number;
  readonly baseSequence: number;
  readonly producerEpoch: number;
}

/** Sends records through the real producer, which has the answer number its batches; every fifth acknowledgement gets lost. */
export async function carryRecords(
  answer: Answer,
  carriage: PartsCarriage,
): Promise<{ carried: Carried; resends: Resend[] }> {
  const resends: Resend[] = [];
  const trace = (event: TraceEvent): void => {
    if (event.stage !== 'batch-drained' || event.attempt === 0) return;
    const { partition, baseSequence, producerEpoch } = event;
    resends.push({ partition, baseSequence, producerEpoch });
  };
  const { bootstrapServers, connection } = carriage;
  const network = new ForgetfulNetwork({ bootstrapServers, connection, loseEvery: 5 });
  const sequenceTracker = answer.SequenceTracker as NonNullable<ProducerParts['sequenceTracker']>;
  const carried = await carryWithParts(carriage, { parts: { sequenceTracker }, trace, network });
  return { carried, resends };
}

import { spansChart, type Span } from '../../charts/spans';
import { incrementSequence } from '../../protocol/sequence-numbers';
import type { SequenceStamper } from '../../producer/index';
import { chart } from './chart';
import { tryAnswer } from './try-answer';

type TrackerClass = new (producerId: bigint, epoch: number) => SequenceStamper;

/** A batch of so many records for a partition, or the moment at which the epoch is bumped. */
type Step = { readonly partition: number; readonly records: number } | 'bump';

const STORY: readonly Step[] = [
  { partition: 0, records: 4 },
  { partition: 1, records: 7 },
  { partition: 0, records: 5 },
  { partition: 0, records: 1 },
  { partition: 1, records: 3 },
  'bump',
  { partition: 0, records: 6 },
  { partition: 1, records: 2 },
  { partition: 0, records: 2 },
];
const PRODUCER_ID = 7000n;
const MAX_SEQUENCE = 2_147_483_647;

/** Numbers a few batches with a learner's tracker and draws the sequence numbers of each beside the rule. Grades nothing. */
export function trySequenceTracker(SequenceTracker: TrackerClass): Promise<void> {
  return tryAnswer('10-sequence-numbers', async () => {
    const [yours, right] = [stamps(SequenceTracker), stamps(ReferenceTracker)];
    const wrong = yours.filter((one, at) => inWords(one) !== inWords(right[at]!)).length;
    const wraps = wrapOf(SequenceTracker);
    const wrap = wraps === 0 ? '' : `, but after ${MAX_SEQUENCE} comes ${wraps}`;
    const title =
      wrong === 0
        ? `Your tracker numbers all ${right.length} batches by the rule${wrap}`
        : `Your tracker numbers ${wrong} of ${right.length} batches differently from the rule${wrap}`;
    const spans = right.flatMap((rightOne, at): Span[] => {
      const own = yours[at]!;
      const row = `batch ${at + 1}: ${rightOne.records} for partition ${rightOne.partition}`;
      return [
        { row, series: 'right', ...bar(rightOne) },
        { row, series: 'yours', ...bar(own) },
      ];
    });
    const subtitle =
      'The sequence numbers that each batch takes, in the order of sending. The colour is the epoch';
    await chart(spansChart({ spans, measure: 'sequence number', title, subtitle }));
  });
}

interface Stamped {
  readonly partition: number;
  readonly records: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

function bar({ baseSequence, records, producerEpoch }: Stamped): Pick<Span, 'from' | 'to' | 'kind'> {
  return { from: baseSequence, to: baseSequence + records, kind: `epoch ${producerEpoch}` };
}

function inWords({ producerId, producerEpoch, baseSequence }: Stamped): string {
  return [producerId, producerEpoch, baseSequence].map(String).join(' ');
}

function stamps(Tracker: TrackerClass): Stamped[] {
  const tracker = new Tracker(PRODUCER_ID, 0);
  return STORY.flatMap((step) => {
    if (step === 'bump') {
      tracker.bumpEpoch();
      return [];
    }
    return [{ ...step, ...tracker.stamp(step.partition, step.records) }];
  });
}

/** Returns what follows the last sequence number, 2147483647. */
function wrapOf(Tracker: TrackerClass): number {
  const tracker = new Tracker(PRODUCER_ID, 0);
  tracker.stamp(0, MAX_SEQUENCE);
  tracker.stamp(0, 1);
  return tracker.stamp(0, 1).baseSequence;
}

class ReferenceTracker implements SequenceStamper {
  readonly #next = new Map<number, number>();
  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number) {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, incrementSequence(baseSequence, recordCount));
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch += 1;
    this.#next.clear();
  }
}

import { batchAnswersChart } from '../../src/charts/batch-answers';
import type { BatchAnswer } from '../../src/charts/batch-answers';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type * as probe from './probes/11-broker-deduplication';
import type { LogAnswer } from './probes/11-broker-deduplication';
import { batchLabel, shortLabel, story, tellTheBroker } from './support/batch-stories';
import type { AnsweredStory } from './support/batch-stories';
import { answerInWords } from './support/log-answer';
import type { LogAnswer as BrokerAnswer } from './support/log-answer';

const READ_ON = 'notebook 04-idempotence, "Five in flight"';
const KNOWN = ['appended', 'duplicate', 'out-of-order-sequence', 'invalid-producer-epoch'];
const ANY_BATCH = { producerId: 1n, producerEpoch: 0, baseSequence: 0, recordCount: 1 };

type SomeAnswer = LogAnswer | BrokerAnswer;

/** Each graded test judges some of these. */
const STORIES = {
  order: [
    story('in order, one sent again', '0×2', '2×3', '2×3', '5×1'),
    story('two producers', '0×2', 'B 0×3', '2×1', 'B 0×3', '0×2', 'B 3×1'),
  ],
  five: [
    story('five are remembered', '0×1', '1×1', '2×1', '3×1', '4×1', '0×1', '4×1', '5×1'),
    story('six are not', '0×1', '1×1', '2×1', '3×1', '4×1', '5×1', '0×1', '1×1'),
    story('five of each producer', '0×1', 'B 0×1', 'B 1×1', 'B 2×1', 'B 3×1', 'B 4×1', '0×1', 'B 0×1'),
  ],
  gaps: [
    story('a gap', '0×1', '5×1', '1×1', '2×1'),
    story('matching in part', '0×4', '2×4', '0×2', '2×2', '0×6', '0×4', '4×1'),
    story('an unknown producer', '7×1', '8×1', '3×1', '9×1'),
  ],
  epochs: [
    story('a higher epoch', '0×1', 'e1 0×1', 'e1 2×1', 'e1 1×1', '1×1', '0×1'),
    story('a higher epoch, not from 0', '0×1', 'e1 1×1', '1×1', 'e1 0×2', 'e1 0×2'),
    story('first seen in epoch 3', 'e3 7×1', 'e3 8×1', 'e2 0×1', 'e5 0×1'),
  ],
  wrap: [
    story('one record each', '2147483646×1', '2147483647×1', '0×1', '2147483647×1', '1×1'),
    story('across the end', '2147483646×4', '2×1', '2147483646×4', '3×2'),
  ],
};

exercise<typeof probe>(
  '11-broker-deduplication',
  { exports: ['PartitionLog'] },
  ({ graded, run, kafka, chart }) => {
    let asked: ReturnType<typeof tellTheBroker> | undefined;

    /** What the broker of this run says to all the stories. Asked once, and not before the answer says anything at all. */
    async function broker(): ReturnType<typeof tellTheBroker> {
      await run('append', [ANY_BATCH]);
      asked ??= tellTheBroker(await kafka(), Object.values(STORIES).flat(), {
        seeds: [1, 2, 3],
        batches: 100,
      });
      return asked;
    }

    async function judge(stories: readonly AnsweredStory[]): Promise<void> {
      for (const told of stories) {
        const answers = await run('append', told.sent);
        const index = told.answers.findIndex(
          (answer, at) => answerInWords(answer) !== answerInWords(answers[at]!),
        );
        if (index < 0) continue;
        const before = told.batches.slice(Math.max(0, index - 9), index).map((batch, at) => {
          return `${batchLabel(batch)} ${answerInWords(told.answers[Math.max(0, index - 9) + at]!)}`;
        });
        const [batch] = told.batches.slice(index);
        throw new WrongAnswer({
          seen: `${told.name}: to ${batchLabel(batch!)} (producer ${batch!.producer}, epoch ${batch!.epoch}, base sequence ${batch!.sequence}, records ${batch!.records}) your log answered ${answerInWords(answers[index]!)}`,
          expected: `${answerInWords(told.answers[index]!)}, which is what the broker answered to the same batch${before.length === 0 ? '' : `, after ${before.join('; ')}`}`,
          readOn: READ_ON,
        });
      }
    }
    const named = async (part: keyof typeof STORIES): Promise<AnsweredStory[]> => {
      const { told } = await broker();
      return STORIES[part].map(({ name }) => told.find((one) => one.name === name)!);
    };

    graded('appends what comes in order, and answers a resend with the offset it has', async () => {
      const stories = await named('order');
      const { told } = await broker();
      const rows = [];
      for (const one of told) {
        const answers = await run('append', one.sent);
        const batches = one.batches.map((batch, index) => {
          const pair = [one.answers[index]!, answers[index]!] as const;
          return {
            label: shortLabel(batch),
            answers: [statusOf(pair[0]), statusOf(pair[1])] as const,
            details: [answerInWords(pair[0]), answerInWords(pair[1])] as const,
          };
        });
        rows.push({ name: one.name, batches });
      }
      const subtitle = 'Every row on a partition of its own, sent to the broker and to your PartitionLog';
      chart(batchAnswersChart({ series: ['the broker', 'your log'], rows, subtitle }));
      await judge(stories);
    });

    graded('knows the last five batches of each producer, and no more', async () => {
      await judge(await named('five'));
    });

    graded('refuses gaps, and batches that match only in part', async () => {
      await judge(await named('gaps'));
    });

    graded('lets a higher epoch start at 0, and refuses a lower one', async () => {
      await judge(await named('epochs'));
    });

    graded('goes on at 0 after 2147483647', async () => {
      await judge(await named('wrap'));
    });

    graded('answers 300 random batches as the broker does', async () => {
      await judge((await broker()).madeUp);
    });
  },
);

/** What the chart has a colour for; anything else an answer says is `other`. */
function statusOf({ status }: SomeAnswer): BatchAnswer {
  return KNOWN.includes(status) ? (status as BatchAnswer) : 'other';
}

import { formatCount } from '../../src/charts/format-number';
import { logRepeatsChart } from '../../src/charts/log-repeats';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import {
  brokenConnections,
  inOrderOfSending,
  reliabilitySettings,
  sendThroughBadNetwork,
} from '../../src/lab/experiments/bad-network';
import type { BadNetworkReport } from '../../src/lab/experiments/bad-network';
import type { FaultRule } from '../../src/lab/faults/fault-proxy';
import type * as probe from './probes/03-max-reliability';
import { configAnswer } from './support/config-answer';
import type { ConfigAnswer } from './support/config-answer';

const READ_ON = 'notebook 02-configuration, "Reliability"';
const MOST_RETRIES = 2_147_483_647;
const IN_FLIGHT = 'max.in.flight.requests.per.connection';

const SEED = 7;
const RECORDS = 120;
/** Three batches are written and their acknowledgements lost, and later three get lost before the broker has seen them. */
const FAULTS: readonly FaultRule[] = [
  { fault: { kind: 'kill-after-write' }, nth: 3, times: 3 },
  { fault: { kind: 'kill-before-write' }, nth: 12, times: 3 },
];

const wrong = (seen: string, expected: string): WrongAnswer =>
  new WrongAnswer({ seen, expected, readOn: READ_ON });

exercise<typeof probe>(
  '03-max-reliability',
  { exports: ['maxReliability'] },
  ({ graded, run, kafka, chart }) => {
    const answerOf = async (): Promise<ConfigAnswer> =>
      configAnswer(await run('readConfig', null), { readOn: READ_ON });

    const saidOrLeft = ({ explicit }: ConfigAnswer, name: string): string =>
      explicit.has(name) ? 'as it was set' : 'by default, since the config does not say';

    graded('waits for all replicas in sync', async () => {
      const answer = await answerOf();
      const acks = answer.values['acks'];
      if (acks === '-1') return;
      throw wrong(
        `acks is '${String(acks)}' with this config: a record counts as delivered ${acks === '0' ? 'before any broker has seen it' : 'when the leader alone has it, and is lost with the leader'}`,
        "'all', which is also the default",
      );
    });

    graded('lets the broker tell a resend from new data', async () => {
      const answer = await answerOf();
      if (answer.values['enable.idempotence'] === true) return;
      const { acks, retries } = answer.values;
      const why = answer.config['enable.idempotence'] === undefined && (acks !== '-1' || retries === 0);
      throw wrong(
        `enable.idempotence is false with this config${why ? `: acks '${String(acks)}' with ${String(retries)} retries has switched it off, without a word` : ''}`,
        'true, which is also the default: a batch that is sent again is written once',
      );
    });

    graded('has one request in flight', async () => {
      const answer = await answerOf();
      const inFlight = answer.values[IN_FLIGHT];
      if (inFlight === 1) return;
      throw wrong(
        `${IN_FLIGHT} is ${String(inFlight)}, ${saidOrLeft(answer, IN_FLIGHT)}`,
        '1: what is not on its way cannot overtake',
      );
    });

    graded('tries again for as long as there is time', async () => {
      const answer = await answerOf();
      const retries = answer.values['retries'];
      if (retries === MOST_RETRIES) return;
      throw wrong(
        `retries is ${String(retries)}, ${saidOrLeft(answer, 'retries')}: a broker that restarts is away for longer than a few tries`,
        `${MOST_RETRIES}, which is also the default: delivery.timeout.ms says when to give up`,
      );
    });

    graded('loses, doubles and reorders nothing while acknowledgements get lost', async () => {
      const { config } = await answerOf();
      const report = await sendThroughBadNetwork(await kafka(), {
        config: reliabilitySettings(config),
        seed: SEED,
        records: RECORDS,
        partitions: 1,
        faults: FAULTS,
      });
      const subtitle = `${RECORDS} payments; ${brokenConnections(report)}`;
      chart(logRepeatsChart({ log: inOrderOfSending(report), subtitle }));
      judgeDelivery(report, subtitle);
    });
  },
);

function judgeDelivery(report: BadNetworkReport, happened: string): void {
  const { missing, doubled, inOrder, acknowledged, refused } = report;
  const each = `all ${RECORDS} acknowledged, and each of them in the log once and in order`;
  if (missing.length > 0) {
    throw wrong(
      `${happened}. Of ${formatCount(acknowledged)} that were acknowledged, ${missing.length} are not in the log, the first of them ${missing[0]}`,
      each,
    );
  }
  const [first] = doubled;
  if (first !== undefined) {
    const places = first.places.map(({ offset }) => offset).join(' and ');
    throw wrong(
      `${happened}. ${doubled.length} are in the log more than once, ${first.id} for one at offsets ${places}`,
      each,
    );
  }
  if (!inOrder)
    throw wrong(`${happened}. The log does not have them in the order in which they were sent`, each);
  if (refused > 0) throw wrong(`${happened}. The producer gave up on ${refused} of them`, each);
}

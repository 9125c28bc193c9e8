import { comparedBarsChart } from '../../src/charts/compared-bars';
import { formatCount } from '../../src/charts/format-number';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import type { DecodedRecord } from '../../src/network/log-reader';
import type * as probe from './probes/13-delivery-callbacks';
import type { PlannedRecord, Report } from './probes/13-delivery-callbacks';
import { brokerTopic } from './support/broker-topic';

const READ_ON = 'notebook 07-tuning-and-pitfalls, "Silent failures"';
const PARTITIONS = 3;

/** Above `batch.size` and below both limits: a record that is too large for a limit is alone in its batch. */
const REQUEST_LIMIT = 60_000;
const TOPIC_LIMIT = 20_000;
const TOO_LARGE_TO_SEND = 80_000;
const TOO_LARGE_FOR_TOPIC = 30_000;
const CONFIG = {
  'max.request.size': REQUEST_LIMIT,
  'linger.ms': 10,
};

/**
 * A record that is waited for goes in a request of its own. 100 that were not went in 4 requests in each of 20 runs on a busy
 * machine, and in 3 later on. One for every four is far from both.
 */
const RECORDS_PER_REQUEST = 4;

type Fate = 'good' | 'too-large-to-send' | 'unserializable' | 'refused';
type Planned = PlannedRecord & { readonly fate: Fate };

exercise<typeof probe>(
  '13-delivery-callbacks',
  { exports: ['sendAll'], timeLimitMs: 15_000 },
  ({ graded, run, kafka, chart }) => {
    /** A stub, and an answer that does not load, are told so before a broker is asked for. */
    let nothing: Promise<Report> | undefined;
    const sendNothing = (): Promise<Report> => (nothing ??= run('sendNothing', null));

    /** Sends the rounds through the broker and judges each report against the log. Returns the number of requests. */
    async function judge(rounds: readonly (readonly Planned[])[]): Promise<number> {
      await sendNothing();
      let used = 0;
      const options = {
        name: 'delivery-callbacks',
        partitions: PARTITIONS,
        configs: { 'max.message.bytes': String(TOPIC_LIMIT) },
      };
      await brokerTopic(await kafka(), options, async ({ topic, connect, readRecords }) => {
        const { reports, requests } = await run('sendRounds', { ...connect, topic, config: CONFIG, rounds });
        used = requests;
        const log = await readRecords();
        for (const [index, planned] of rounds.entries()) judgeReport(planned, reports[index]!, log);
        judgeLog(rounds.flat(), log);
      });
      return used;
    }

    graded('reports every record, in the order of the records', async () => {
      const empty = await sendNothing();
      if (!('delivered' in empty) || empty.delivered.length + empty.failed.length > 0) {
        throw new WrongAnswer({
          seen: `with no records at all, sendAll ${inWords(empty)}`,
          expected: 'two empty lists',
          readOn: READ_ON,
        });
      }
      // Partitions in turn: the broker answers batch by batch, so answers come in another order than records went out.
      await judge([plan('first', 60), plan('second', 30)]);
    });

    graded('reports what send() refuses, and sends all the others', async () => {
      const records = plan('order', 24, {
        0: 'too-large-to-send',
        7: 'unserializable',
        23: 'too-large-to-send',
      });
      await judge([records]);
      await judge([plan('order', 6, { 0: 'unserializable', 1: 'unserializable', 5: 'unserializable' })]);
    });

    graded('reports what the broker refuses, and delivers all the others', async () => {
      await judge([plan('order', 24, { 0: 'refused', 11: 'refused', 12: 'refused', 23: 'refused' })]);
    });

    graded('has many records on the way at once, as the number of requests shows', async () => {
      const fates: Record<number, Fate> = { 13: 'too-large-to-send', 41: 'refused', 42: 'unserializable' };
      const records = plan('order', 100, fates);
      const requests = await judge([records]);
      const onTheirWay = records.filter(({ fate }) => fate === 'good' || fate === 'refused').length;
      chart(
        comparedBarsChart({
          title: `${formatCount(onTheirWay)} records went out in ${formatCount(requests)} requests`,
          subtitle:
            '100 orders for three partitions; send() refuses two of them, and the broker one. Grey: if each record were waited for before the next',
          measure: 'Produce requests',
          bars: [
            { name: 'one record at a time', value: onTheirWay, role: 'baseline' },
            { name: 'your sendAll', value: requests, role: 'answer' },
          ],
        }),
      );
      const most = Math.floor(onTheirWay / RECORDS_PER_REQUEST);
      if (requests > most) {
        throw new WrongAnswer({
          seen: `${onTheirWay} records went to the broker in ${requests} requests`,
          expected: `at most ${most}: a record that is waited for before the next is sent goes alone`,
          readOn: READ_ON,
        });
      }
    });
  },
);

function plan(name: string, count: number, fates: Readonly<Record<number, Fate>> = {}): Planned[] {
  const sizes = { 'too-large-to-send': TOO_LARGE_TO_SEND, refused: TOO_LARGE_FOR_TOPIC };
  return Array.from({ length: count }, (_, index) => {
    const fate = fates[index] ?? 'good';
    const sizeInBytes = fate === 'too-large-to-send' || fate === 'refused' ? sizes[fate] : 100;
    const partition = index % PARTITIONS;
    return {
      key: `${name}-${index}`,
      partition,
      sizeInBytes,
      fate,
      unserializable: fate === 'unserializable',
    };
  });
}

const WHY: Readonly<Record<Fate, readonly [error: string, why: string]>> = {
  good: ['', ''],
  'too-large-to-send': ['RecordTooLargeError', `larger than max.request.size: send() rejects`],
  unserializable: ['SerializationError', 'not what the serializer takes: send() rejects'],
  refused: ['RecordTooLargeError', 'larger than the topic allows: get() rejects'],
};

function judgeReport(
  planned: readonly Planned[],
  report: Report,
  log: readonly (readonly DecodedRecord[])[],
): void {
  const wrong = (seen: string, expected: string): WrongAnswer =>
    new WrongAnswer({ seen: `of ${planned.length} records, ${seen}`, expected, readOn: READ_ON });
  const good = planned.filter(({ fate }) => fate === 'good');
  const bad = planned.filter(({ fate }) => fate !== 'good');
  if (!('delivered' in report)) {
    const what = bad.map(({ key, fate }) => `${key} is ${WHY[fate][1]}`).join('; ');
    throw wrong(
      `${bad.length} of them bad, sendAll ${inWords(report)}`,
      `{ delivered, failed }, whatever becomes of single records${what === '' ? '' : ` (${what})`}`,
    );
  }
  for (let at = 0; at < Math.max(bad.length, report.failed.length); at++) {
    const seen = report.failed[at];
    const expected = bad[at];
    const [error, why] = expected === undefined ? ['', ''] : WHY[expected.fate];
    if (seen !== undefined && seen.key === expected?.key && seen.error.includes(error)) continue;
    throw wrong(
      seen === undefined
        ? `failed has ${report.failed.length} entries`
        : `failed[${at}] is ${seen.key} with ${seen.error}`,
      expected === undefined
        ? `${bad.length} entries, each bad record once`
        : `failed[${at}] to be ${expected.key} with a ${error} (${why}), in the order of the records`,
    );
  }
  for (const [at, { key, partition }] of good.entries()) {
    const metadata = report.delivered[at];
    const found =
      metadata && log[metadata.partition]?.find(({ offset }) => Number(offset) === metadata.offset);
    if (found?.key?.toString('utf8') === key) continue;
    throw wrong(
      metadata === undefined
        ? `delivered has ${report.delivered.length} entries`
        : `delivered[${at}] is partition ${metadata.partition}, offset ${metadata.offset}, where the log has ${found?.key?.toString('utf8') ?? 'nothing'}`,
      `delivered[${at}] to say where ${key} is (in partition ${partition}), in the order of the records`,
    );
  }
  if (report.delivered.length > good.length) {
    throw wrong(`delivered has ${report.delivered.length} entries`, `${good.length}, each record once`);
  }
}

function judgeLog(planned: readonly Planned[], log: readonly (readonly DecodedRecord[])[]): void {
  const stored = log.flat().map(({ key }) => key?.toString('utf8'));
  for (const { key, fate } of planned) {
    const times = stored.filter((one) => one === key).length;
    if (times === (fate === 'good' ? 1 : 0)) continue;
    throw new WrongAnswer({
      seen: `the log holds ${key} ${times} times`,
      expected: fate === 'good' ? 'once' : 'not at all',
      readOn: READ_ON,
    });
  }
}

function inWords(report: Report): string {
  if ('rejected' in report) return `rejected with ${report.rejected}`;
  if ('returned' in report) return `returned ${report.returned} instead of { delivered, failed }`;
  return `returned ${report.delivered.length} delivered and ${report.failed.length} failed`;
}

import { logRepeatsChart } from '../../charts/log-repeats';
import { reliabilitySettings, sendThroughBadNetwork } from '../../lab/bad-network';
import type { BadNetworkReport } from '../../lab/bad-network';
import { takeOrders } from '../../lab/order';
import { resolveProducerConfig } from '../../producer/index';
import type { ProducerConfig } from '../../producer/index';
import { chart } from './chart';
import type { NotebookKafka } from './notebook-kafka';
import { table } from './table';
import { tryAnswer } from './try-answer';
import { savedConfig } from './try-config';

const EXERCISE = '03-max-reliability';
const PAYMENTS = { records: 150, partitions: 1, seed: 3 };

/** What a book from before Kafka 3.0 would have: nobody is asked but the leader, and no batch is known again. */
const CARELESS: ProducerConfig = { acks: '1', 'enable.idempotence': false };

/** Sends payments through a network that breaks now and then: a careless config, then a learner's. Grades nothing. */
export function tryReliability(
  kafka: NotebookKafka,
  load: () => ProducerConfig = () => savedConfig(EXERCISE, 'maxReliability'),
): Promise<void> {
  return tryAnswer(EXERCISE, async () => {
    const reports: { config: string; settings: ProducerConfig; report: BadNetworkReport }[] = [];
    for (const [config, given] of Object.entries({ careless: CARELESS, yours: load() })) {
      const settings = reliabilitySettings(given);
      const report = await sendThroughBadNetwork(kafka.kafka, { ...PAYMENTS, config: settings });
      reports.push({ config, settings, report });
    }
    table(reports.map(({ config, settings, report }) => ({ config, ...shown(settings), ...found(report) })));
    const yours = reports.at(-1)!.report;
    const { 'kill-after-write': answers = 0, 'kill-before-write': requests = 0 } = yours.faults;
    const broken = `the connection broke ${answers} times before the acknowledgement arrived, ${requests} times before the request did`;
    await chart(
      logRepeatsChart({ log: inOrderOfSending(yours), subtitle: `${PAYMENTS.records} payments; ${broken}` }),
    );
  });
}

function shown(settings: ProducerConfig): Readonly<Record<string, string>> {
  const resolved = resolveProducerConfig({ 'bootstrap.servers': 'localhost:9092', ...settings });
  return {
    acks: resolved.acks === '-1' ? 'all' : String(resolved.acks),
    'enable.idempotence': String(resolved['enable.idempotence']),
    'in flight': String(resolved['max.in.flight.requests.per.connection']),
  };
}

function found({
  acknowledged,
  missing,
  doubled,
  inOrder,
}: BadNetworkReport): Readonly<Record<string, string | number>> {
  return {
    acknowledged,
    'of these lost': missing.length,
    'in the log twice or more': doubled.length,
    'in order': inOrder ? 'yes' : 'no',
  };
}

function inOrderOfSending({ log }: BadNetworkReport): { offset: number; order: number }[] {
  const payments = takeOrders(PAYMENTS.records, { seed: PAYMENTS.seed });
  const orders = new Map(payments.map(({ orderId }, index) => [orderId, index]));
  return log.map(({ id, offset }) => ({ offset: Number(offset), order: orders.get(id)! }));
}

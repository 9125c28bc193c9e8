import { logRepeatsChart } from '../../charts/log-repeats';
import {
  brokenConnections,
  inOrderOfSending,
  reliabilitySettings,
  sendThroughBadNetwork,
} from '../../lab/experiments/bad-network';
import type { BadNetworkReport } from '../../lab/experiments/bad-network';
import type { ProducerConfig } from '../../producer/index';
import { chart } from './chart';
import type { NotebookKafka } from './notebook-kafka';
import { asWritten, settledConfig } from './settled-config';
import { table } from './table';
import { tryAnswer } from './try-answer';
import { savedConfig } from './try-config';

const EXERCISE = '03-max-reliability';
const PAYMENTS = { records: 150, partitions: 1, seed: 3 };

/** A config as in books from before Kafka 3.0: only the leader acknowledges, and the broker recognises no duplicate. */
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
    await chart(
      logRepeatsChart({
        log: inOrderOfSending(yours),
        subtitle: `${yours.sent} payments; ${brokenConnections(yours)}`,
      }),
    );
  });
}

function shown(settings: ProducerConfig): Readonly<Record<string, string>> {
  const resolved = settledConfig(settings);
  return {
    acks: asWritten(resolved.acks),
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

import { existsSync, readdirSync } from 'node:fs';
import { isProcessAlive } from '../../src/support/lock-file';
import { coursePath } from '../../src/support/project-paths';
import type { EmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import { sharedBrokerTests } from './shared-broker-tests';

/** Folders of this process below .course/kafka/run; brokers of other processes are none of this test's business. */
function foldersOfThisProcess(): string[] {
  const folder = coursePath('kafka', 'run');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${process.pid}-`)) : [];
}

sharedBrokerTests({
  kind: 'embedded',
  leftovers: (kafka) => [
    ...(kafka as EmbeddedKafka).pids.filter(isProcessAlive).map((pid) => `process ${pid}`),
    ...foldersOfThisProcess(),
  ],
});

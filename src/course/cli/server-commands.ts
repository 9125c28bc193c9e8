import { runKafkaCommand } from '../../broker/index';
import { runNotebooksCommand } from '../jupyter/run-notebooks';
import { runStartCommand } from '../jupyter/start-command';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

export async function startCommand(flags: { browser: boolean; port?: number }): Promise<ExitCode> {
  await runStartCommand(flags);
  return EXIT.ok;
}

export async function kafkaCommand(flags: { brokers: 1 | 3 }): Promise<ExitCode> {
  await runKafkaCommand(flags);
  return EXIT.ok;
}

export async function notebooksCommand(names: readonly string[]): Promise<ExitCode> {
  return (await runNotebooksCommand(names)) ? EXIT.ok : EXIT.wrong;
}

import { runKafkaCommand } from '../../broker/index';
import { cleanNotebooks } from '../jupyter/clean-notebooks';
import { runNotebooksCommand } from '../jupyter/run-notebooks';
import { runStartCommand } from '../jupyter/start-command';
import { runLabCommand } from '../../lab/server/index';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

export async function startCommand(flags: { browser: boolean; port?: number }): Promise<ExitCode> {
  await runStartCommand(flags);
  return EXIT.ok;
}

export async function kafkaCommand(flags: { brokers: 1 | 3; port?: number }): Promise<ExitCode> {
  await runKafkaCommand(flags);
  return EXIT.ok;
}

export async function labCommand(flags: { port?: number }): Promise<ExitCode> {
  await runLabCommand(flags);
  return EXIT.ok;
}

export async function notebooksCommand(
  names: readonly string[],
  flags: { clean?: boolean; twice?: boolean },
): Promise<ExitCode> {
  if (flags.clean === true) {
    cleanNotebooks();
    return EXIT.ok;
  }
  return (await runNotebooksCommand(names, flags)) ? EXIT.ok : EXIT.wrong;
}

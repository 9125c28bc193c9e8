import { runKafkaCommand } from '../../broker/index';
import { runAccessibilityTest } from '../browser/accessibility-test';
import { runBookTest } from '../browser/book-test';
import { runBrowserTest } from '../browser/browser-test';
import type { BrowserFlags } from '../browser/browser-test';
import { cleanNotebooks } from '../jupyter/clean-notebooks';
import { runNotebooksCommand } from '../jupyter/run-notebooks';
import { runStartCommand } from '../jupyter/start-command';
import { runLabCommand } from '../../lab/server/index';
import { UsageError } from '../../support/course-error';
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

export async function labCommand(flags: { port?: number }): Promise<ExitCode> {
  await runLabCommand(flags);
  return EXIT.ok;
}

export async function browserCommand({
  book,
  ...flags
}: BrowserFlags & { book?: string }): Promise<ExitCode> {
  if (book !== undefined) {
    if (flags.names.length > 0 || flags.pictures !== undefined) {
      throw new UsageError('--book reads a whole book: leave out the names of notebooks and --pictures.');
    }
    return (await runBookTest(book)) ? EXIT.ok : EXIT.wrong;
  }
  const asExpected = await runBrowserTest(flags);
  if (flags.names.length > 0) return asExpected ? EXIT.ok : EXIT.wrong;
  return (await runAccessibilityTest()) && asExpected ? EXIT.ok : EXIT.wrong;
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

import { UsageError } from '../../support/course-error';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';
import { runAccessibilityTest } from '../browser/accessibility-test';
import { runBookTest } from '../browser/book-test';
import { runBrowserTest } from '../browser/browser-test';
import type { BrowserFlags } from '../browser/browser-test';

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

import { UsageError } from '../../support/course-error';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';
import { runAccessibilityTest } from '../browser/accessibility-test';
import { runBookTest } from '../browser/book-test';
import { runBrowserTest } from '../browser/browser-test';
import { runPlayerTest } from '../browser/player-test';
import type { BrowserFlags } from '../browser/browser-test';

export async function browserCommand({
  book,
  player = false,
  ...flags
}: BrowserFlags & { book?: string; player?: boolean }): Promise<ExitCode> {
  if (player) {
    if (flags.names.length > 0 || flags.pictures !== undefined || book !== undefined) {
      throw new UsageError('--player looks at the player only: leave out names, --pictures and --book.');
    }
    return (await runPlayerTest({ timed: true })) ? EXIT.ok : EXIT.wrong;
  }
  if (book !== undefined) {
    if (flags.names.length > 0 || flags.pictures !== undefined) {
      throw new UsageError('--book reads a whole book: leave out the names of notebooks and --pictures.');
    }
    return (await runBookTest(book)) ? EXIT.ok : EXIT.wrong;
  }
  const asExpected = await runBrowserTest(flags);
  if (flags.names.length > 0) return asExpected ? EXIT.ok : EXIT.wrong;
  const rest = [await runAccessibilityTest(), await runPlayerTest({ timed: false })];
  return asExpected && rest.every((isWell) => isWell) ? EXIT.ok : EXIT.wrong;
}

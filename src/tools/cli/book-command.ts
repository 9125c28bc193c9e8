import { makeBook } from '../book/make-book';
import type { BookOptions } from '../book/make-book';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';

export async function bookCommand(options: BookOptions): Promise<ExitCode> {
  return (await makeBook(options)) ? EXIT.ok : EXIT.wrong;
}

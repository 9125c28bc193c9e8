import { makeBook } from '../book/make-book';
import type { BookOptions } from '../book/make-book';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

export async function bookCommand(options: BookOptions): Promise<ExitCode> {
  return (await makeBook(options)) ? EXIT.ok : EXIT.wrong;
}

import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../support/course-error';

/** The full path of a file that a flag names, seen from where npm was called. Better to know before a long run than after it. */
export function checkWritable(name: string, flag: string): string {
  const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
  try {
    fs.accessSync(path.dirname(file), fs.constants.W_OK);
    if (fs.existsSync(file)) {
      if (!fs.statSync(file).isFile()) throw new Error('it is not a file');
      fs.accessSync(file, fs.constants.W_OK);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`"${name}" cannot be written (${why}): ${flag} takes the name of a file.`);
  }
  return file;
}

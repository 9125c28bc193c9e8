import { readFileSync } from 'node:fs';

/** A text file of the course or of a learner, each line ended by `\n`, whatever git or an editor made of it. */
export function readTextFile(file: string): string {
  return withUnixLineEnds(readFileSync(file, 'utf8'));
}

export function withUnixLineEnds(text: string): string {
  return text.replace(/\r\n/g, '\n');
}

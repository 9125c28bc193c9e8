import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../exercises/manifest';

/** What tells and draws a grade, and what no grade comes near: a change here is no reason to grade sixty learners again. */
const WITHOUT_INFLUENCE =
  /^src\/(?:course\/(?:cli|classroom|gradebook|jupyter|notebook|report)|tools|player|simulation)\//;
const IMPORTS_ANOTHER_EXERCISE = /['"]\.\.\/(?!(?:\.\.\/)*src\/)/;

/** Changes when the graders or what they stand on do. */
export function gradersFingerprint(): string {
  const files = ['test/exercises', 'src'].flatMap(filesBelow).filter((file) => !WITHOUT_INFLUENCE.test(file));
  return hashOf(files.sort().map((file) => [file, fs.readFileSync(path.join(PROJECT_ROOT, file))]));
}

/** Changes when the graders or the answer to this exercise do: a result with the same fingerprint need not be measured again. */
export function exerciseFingerprint(
  graders: string,
  slug: string,
  answers: ReadonlyMap<string, string>,
): string {
  const own = [...answers].filter(([name]) => name.startsWith(`${slug}/`));
  const wide = own.some(([, text]) => IMPORTS_ANOTHER_EXERCISE.test(text));
  const files = (wide ? [...answers] : own).sort(([a], [b]) => (a < b ? -1 : 1));
  return hashOf([['graders', graders], ['exercise', slug], ...files]);
}

/** Of everything that was handed in, to tell one attempt from the next. */
export function answersFingerprint(answers: ReadonlyMap<string, string>): string {
  return hashOf([...answers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function hashOf(parts: readonly (readonly [name: string, content: string | Buffer])[]): string {
  const hash = createHash('sha256');
  for (const [name, content] of parts) {
    // With their lengths: where one part ends and the next begins must not be up to what they hold.
    hash.update(`${name.length}:${name}${Buffer.byteLength(content)}:`).update(content);
  }
  return hash.digest('hex').slice(0, 24);
}

function filesBelow(folder: string): string[] {
  const entries = fs.readdirSync(path.join(PROJECT_ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(PROJECT_ROOT, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'));
}

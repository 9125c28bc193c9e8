import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../support/course-error';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { PROJECT_ROOT } from '../exercises/manifest';

/** One learner's folder. */
export interface Submission {
  /** As the folder is called. */
  readonly name: string;
  /** Laid out like `exercises/`. */
  readonly folder: string;
  /** Changes when an answer or a grader does: a result with the same fingerprint need not be measured again. */
  readonly fingerprint: string;
}

/** The submissions in a folder, in the order of their names. A clone of the whole project counts by its `exercises/`. */
export function findSubmissions(folder: string, exercises: readonly ExerciseDefinition[]): Submission[] {
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory()) {
    throw new UsageError(
      `There is no folder "${folder}": gradebook takes a folder with one subfolder per submission.`,
    );
  }
  const names = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) {
    throw new UsageError(
      `"${folder}" has no subfolders: gradebook takes a folder with one subfolder per submission.`,
    );
  }
  const graders = fingerprintOf(graderFiles());
  return names.map((name) => {
    const inside = path.join(folder, name, 'exercises');
    const answers = fs.existsSync(inside) ? inside : path.join(folder, name);
    const files = exercises.flatMap(({ slug, files }) => files.map((file) => path.join(answers, slug, file)));
    return { name, folder: answers, fingerprint: `${graders}-${exercises.length}-${fingerprintOf(files)}` };
  });
}

function fingerprintOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    hash
      .update(fs.existsSync(file) && fs.statSync(file).isFile() ? fs.readFileSync(file) : 'missing')
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function graderFiles(): string[] {
  const folder = path.join(PROJECT_ROOT, 'test', 'exercises');
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

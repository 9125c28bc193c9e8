import fs from 'node:fs';
import path from 'node:path';
import { readTextFile } from '../../support/read-text';
import { CourseError } from '../../support/course-error';
import { EXERCISES, PROJECT_ROOT } from '../../course/exercises/manifest';
import type { Change } from './mutate-solution';

/*
 * test/mutants/<slug>.diff lists the mutants that a grader must not reject, each with its proof, as the gate prints them:
 *
 *     equivalent: Node takes an empty encoding for UTF-8.
 *     - return Buffer.from(JSON.stringify(data), 'utf8');
 *     + return Buffer.from(JSON.stringify(data), '');
 *
 * A blank line ends an entry. `equivalent`: no caller can tell it from the solution. `allowed`: some caller can, but the
 * exercise leaves open what has changed, as it does with the wording of an error.
 */
const HEAD = /^(equivalent|allowed): (\S.*)$/;
const CHANGED = /^([-+])(?: (.*))?$/;

export interface KnownSurvivor extends Change {
  readonly kind: 'equivalent' | 'allowed';
  /** The proof, in one sentence. */
  readonly because: string;
  /** Where it stands, as `file:line`. */
  readonly at: string;
}

const FOLDER = path.join('test', 'mutants');

export function readSurvivors(slug: string): readonly KnownSurvivor[] {
  const file = path.join(FOLDER, `${slug}.diff`);
  const full = path.join(PROJECT_ROOT, file);
  return fs.existsSync(full) ? parseSurvivors(readTextFile(full), file) : [];
}

/** Files that belong to no exercise, and would prove nothing unseen. */
export function strayFiles(): readonly string[] {
  const full = path.join(PROJECT_ROOT, FOLDER);
  const names = fs.existsSync(full) ? fs.readdirSync(full) : [];
  return names
    .filter((name) => !EXERCISES.some(({ slug }) => name === `${slug}.diff`))
    .map((name) => `${path.join(FOLDER, name)} belongs to no exercise: rename it, or take it out.`);
}

export function parseSurvivors(text: string, file: string): readonly KnownSurvivor[] {
  const survivors: (KnownSurvivor & { before: string[]; after: string[] })[] = [];
  let open: (typeof survivors)[number] | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const at = `${file}:${index + 1}`;
    const head = HEAD.exec(line);
    const changed = CHANGED.exec(line);
    if (line === '') {
      open = undefined;
    } else if (head !== null && open === undefined) {
      open = { kind: head[1] as KnownSurvivor['kind'], because: head[2]!, at, before: [], after: [] };
      survivors.push(open);
    } else if (changed !== null && open !== undefined) {
      (changed[1] === '-' ? open.before : open.after).push(changed[2] ?? '');
    } else {
      throw new CourseError(
        `${at}: expected ${open === undefined ? '"equivalent: why" or "allowed: why"' : 'a line of the diff, or a blank line'}; see src/tools/mutants/known-survivors.ts for the form.`,
        'CONTENT',
      );
    }
  }
  return survivors;
}

/** Which entry speaks of which mutant: by what is changed, and not by the line's number, which moves. */
export function matchSurvivors<M extends Change>(
  mutants: readonly M[],
  known: readonly KnownSurvivor[],
): { of: ReadonlyMap<M, KnownSurvivor>; complaints: readonly string[] } {
  const of = new Map<M, KnownSurvivor>();
  const complaints: string[] = [];
  for (const survivor of known) {
    const found = mutants.filter((mutant) => inWords(mutant) === inWords(survivor));
    for (const mutant of found) of.set(mutant, survivor);
    if (found.length === 0)
      complaints.push(`${survivor.at} fits no mutant any more: correct it, or take it out.`);
    if (found.length > 1) {
      complaints.push(
        `${survivor.at} fits ${found.length} mutants, and proves one: make their lines differ in the solution.`,
      );
    }
  }
  return { of, complaints };
}

/** A change as a diff; in files, a blank line has no blank at its end. */
export function inWords({ before, after }: Change): string {
  const lines = [...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)];
  return lines.map((line) => line.trimEnd()).join('\n');
}

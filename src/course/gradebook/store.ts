import fs from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../exercises/manifest';
import type { ExerciseResult } from '../grading/result';

/** Where pages and results of a class are, below the project. */
export const GRADEBOOK_FOLDER = path.join('reports', 'gradebook');

/** What is known of one submission from earlier runs. Only what was judged is kept. */
interface Stored {
  readonly exercises: Readonly<
    Record<string, { readonly fingerprint: string; readonly result: ExerciseResult }>
  >;
  /** Fingerprints of what was handed in, the first attempt first. */
  readonly attempts: readonly string[];
}

/** The file of one submission. Names may hold what a URL or another system's file may not; two that differ stay different. */
export function fileNameOf(submission: string): string {
  return encodeURIComponent(submission).replaceAll('%', '_');
}

export class ResultStore {
  readonly #file: string;
  #stored: Stored;

  constructor(submission: string) {
    this.#file = path.join(PROJECT_ROOT, GRADEBOOK_FOLDER, `${fileNameOf(submission)}.json`);
    this.#stored = read(this.#file);
  }

  /** What an earlier run found for the same answer by the same graders. */
  find(slug: string, fingerprint: string): ExerciseResult | undefined {
    const known = this.#stored.exercises[slug];
    return known?.fingerprint === fingerprint ? known.result : undefined;
  }

  /** Keeps a result; one that is no verdict is not kept, so that the next run asks again. */
  keep(slug: string, fingerprint: string, result: ExerciseResult): void {
    if (result.notJudged > 0) return;
    this.#write({
      ...this.#stored,
      exercises: { ...this.#stored.exercises, [slug]: { fingerprint, result } },
    });
  }

  forget(): void {
    this.#write({ ...this.#stored, exercises: {} });
  }

  /** How many different hand-ins there have been, this one included. */
  attempt(answers: string): number {
    const { attempts } = this.#stored;
    if (!attempts.includes(answers)) this.#write({ ...this.#stored, attempts: [...attempts, answers] });
    return this.#stored.attempts.indexOf(answers) + 1;
  }

  #write(stored: Stored): void {
    this.#stored = stored;
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    // A rename is whole or not at all, whenever somebody stops the gradebook.
    fs.writeFileSync(`${this.#file}.new`, JSON.stringify(stored));
    fs.renameSync(`${this.#file}.new`, this.#file);
  }
}

function read(file: string): Stored {
  try {
    const { exercises = {}, attempts = [] } = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Stored>;
    return { exercises, attempts };
  } catch {
    return { exercises: {}, attempts: [] }; // not graded yet, or from before this format: it is graded now
  }
}

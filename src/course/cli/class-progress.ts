import { SingleBar } from 'cli-progress';
import type { GradedSubmission } from '../gradebook/grade-class';

const FORMAT = '{bar} {value} of {total} submissions | {left} | {what}';

/** How far a class is, and how long the rest takes by what each one took so far. */
export class ClassProgress {
  readonly #bar = new SingleBar({
    format: FORMAT,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    clearOnComplete: true,
  });
  readonly #done = new Set<string>();
  #measured = 0;
  #startedMs = 0;
  #isShown = false;

  constructor(
    private readonly total: number,
    private readonly jobs: number,
  ) {}

  start(): void {
    this.#startedMs = performance.now();
    this.#bar.start(this.total, 0, { left: '', what: this.jobs > 1 ? `${this.jobs} at a time` : '' });
    this.#isShown = true;
  }

  graded({ submission, remembered }: GradedSubmission): void {
    this.#done.add(submission.name);
    if (!remembered) this.#measured += 1;
    this.#bar.update(this.#done.size, { left: this.#left(), what: submission.name });
  }

  /** Something that happened in between. */
  say(what: string): void {
    if (this.#isShown) this.#bar.update({ what });
    else console.error(what);
  }

  stop(): void {
    if (this.#isShown) this.#bar.stop();
    this.#isShown = false;
  }

  #left(): string {
    if (this.#measured === 0) return '';
    const each = (performance.now() - this.#startedMs) / this.#measured;
    const minutes = Math.ceil((each * (this.total - this.#done.size)) / 60_000);
    return minutes <= 1 ? 'about a minute left' : `about ${minutes} minutes left`;
  }
}

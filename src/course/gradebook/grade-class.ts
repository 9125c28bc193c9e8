import type { ExerciseDefinition } from '../exercises/exercise-definition';
import type { ExerciseResult } from '../grading/result';
import { answersFingerprint, exerciseFingerprint, gradersFingerprint } from './fingerprint';
import type { GradingBroker } from './grading-broker';
import { gradeAnswers } from './grade-submission';
import type { Submission } from './intake/find-submissions';
import { ResultStore } from './store';

export interface GradedSubmission {
  readonly submission: Submission;
  readonly exercises: readonly ExerciseResult[];
  /** How many different hand-ins the gradebook has seen, this one included. */
  readonly attempt: number;
  /** Whether an earlier run had measured all of this already. */
  readonly remembered: boolean;
}

export interface ClassRequest {
  readonly submissions: readonly Submission[];
  readonly exercises: readonly ExerciseDefinition[];
  readonly broker: GradingBroker;
  /** How many are graded at the same time. */
  readonly jobs: number;
  /** Names of those that are graded whatever earlier runs found. */
  readonly again: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly onGraded: (graded: GradedSubmission) => void;
}

/** What has no verdict is tried again after all the others, one by one: the machine is quieter then. */
const MOST_TRIES = 3;

/**
 * Grades a class, by earlier results where graders and answers are the same. Ends early when told to, with what there is.
 * What could not be judged within three tries comes back as such, and is never kept.
 */
export async function gradeClass(request: ClassRequest): Promise<readonly GradedSubmission[]> {
  const run = new ClassRun(request);
  await run.inParallel(request.submissions, request.jobs);
  for (let tries = 2; tries <= MOST_TRIES && run.unjudged.length > 0; tries++) {
    await run.inParallel(run.unjudged, 1);
  }
  return run.graded;
}

class ClassRun {
  readonly #done = new Map<Submission, GradedSubmission>();
  readonly #stores = new Map<Submission, ResultStore>();
  /** An answer that many have not begun, or not handed in, is graded once for all of them. */
  readonly #shared = new Map<string, ExerciseResult>();
  readonly #graders = gradersFingerprint();

  constructor(private readonly request: ClassRequest) {
    for (const submission of request.submissions) {
      const store = new ResultStore(submission.name);
      if (request.again.has(submission.name)) store.forget();
      this.#stores.set(submission, store);
    }
  }

  get graded(): readonly GradedSubmission[] {
    return this.request.submissions.flatMap((submission) => this.#done.get(submission) ?? []);
  }

  get unjudged(): readonly Submission[] {
    return this.graded
      .filter(({ exercises }) => exercises.some(({ notJudged }) => notJudged > 0))
      .map(({ submission }) => submission);
  }

  async inParallel(submissions: readonly Submission[], jobs: number): Promise<void> {
    const waiting = [...submissions];
    const work = async (): Promise<void> => {
      for (
        let next = waiting.shift();
        next !== undefined && !this.request.signal.aborted;
        next = waiting.shift()
      ) {
        await this.#grade(next);
      }
    };
    const all = await Promise.allSettled(Array.from({ length: Math.min(jobs, waiting.length) }, work));
    for (const one of all) if (one.status === 'rejected') throw one.reason;
  }

  async #grade(submission: Submission): Promise<void> {
    const { exercises, broker, signal, onGraded } = this.request;
    const store = this.#stores.get(submission)!;
    const results = new Map<string, ExerciseResult>();
    const prints = new Map<string, string>();
    let earlier = 0;
    for (const { slug } of exercises) {
      const print = exerciseFingerprint(this.#graders, slug, submission.answers);
      prints.set(slug, print);
      const own = store.find(slug, print);
      if (own !== undefined) earlier += 1;
      const known = own ?? this.#shared.get(print);
      if (known !== undefined) results.set(slug, known);
    }
    const open = exercises.filter(({ slug }) => !results.has(slug));
    if (open.length > 0) {
      const kafka = await broker.use();
      const { name, answers } = submission;
      for (const one of await gradeAnswers({ name, answers, exercises: open, kafka, signal }))
        results.set(one.slug, one);
    }
    for (const [slug, result] of results) {
      store.keep(slug, prints.get(slug)!, result);
      if (result.notJudged === 0 && result.charts.length === 0) this.#shared.set(prints.get(slug)!, result);
    }
    // Stopped in the middle: what jest did not come to has no verdict, and says nothing of this submission.
    if (signal.aborted && [...results.values()].some(({ notJudged }) => notJudged > 0)) return;
    const graded: GradedSubmission = {
      submission,
      exercises: exercises.map(({ slug }) => results.get(slug)!),
      attempt: store.attempt(answersFingerprint(submission.answers)),
      remembered: earlier === exercises.length,
    };
    this.#done.set(submission, graded);
    onGraded(graded);
  }
}

import { NOT_STARTED } from '../grading/answer-protocol';
import { findExercise } from '../exercises/manifest';

/**
 * Plays with a learner's answer and grades nothing. For a stub it prints what to do; for an answer that fails it prints a
 * sentence. The cell itself never fails.
 */
export async function tryAnswer(exercise: string, play: () => Promise<void> | void): Promise<void> {
  try {
    await play();
  } catch (error) {
    console.log(troubleOf(error, exercise));
  }
}

/** The error of an answer that runs but returns what no right one would; the message says what. */
export class OddAnswer extends Error {}

function troubleOf(error: unknown, exercise: string): string {
  if (error instanceof OddAnswer) return error.message;
  const { slug, files } = findExercise(exercise);
  if (error instanceof Error && error.message === NOT_STARTED) {
    return `Not started yet: open exercises/${slug}/${files[0] ?? ''}, fill in the stub, and run this cell again.`;
  }
  return `Your answer to ${slug} failed: ${String(error)}`;
}

import { NOT_STARTED } from '../grading/answer-protocol';
import { findExercise } from '../exercises/manifest';

/**
 * Plays with a learner's answer and grades nothing. A stub is told the way, and whatever else the answer does wrong costs
 * a sentence and never the cell: an attempt is there to be played with.
 */
export async function tryAnswer(exercise: string, play: () => Promise<void> | void): Promise<void> {
  try {
    await play();
  } catch (error) {
    console.log(troubleOf(error, exercise));
  }
}

/** An answer that loads and runs, and gives what no right one would: the sentence says what. */
export class OddAnswer extends Error {}

function troubleOf(error: unknown, exercise: string): string {
  if (error instanceof OddAnswer) return error.message;
  const { slug, files } = findExercise(exercise);
  if (error instanceof Error && error.message === NOT_STARTED) {
    return `Not started yet: open exercises/${slug}/${files[0] ?? ''}, fill in the stub, and run this cell again.`;
  }
  return `Your answer to ${slug} failed: ${String(error)}`;
}

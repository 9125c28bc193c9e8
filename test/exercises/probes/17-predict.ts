import { inspect } from 'node:util';

/** What the answer predicts: texts as they are, everything else in words; null where it says nothing. */
export function predict(answer: { readonly answers: unknown }, id: string): string | null {
  const { answers } = answer;
  if (typeof answers !== 'object' || answers === null) return inspect(answers);
  const choice = (answers as Record<string, unknown>)[id];
  if (choice === undefined || choice === '') return null;
  return typeof choice === 'string' ? choice : inspect(choice);
}

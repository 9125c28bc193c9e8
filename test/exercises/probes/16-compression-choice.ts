import { inspect } from 'node:util';

interface Answer {
  readonly choices: Readonly<Record<string, unknown>>;
}

/** What the answer chose for a workload: texts as they are, everything else in words. */
export function choose(answer: Answer, workload: string): string {
  const choice = answer.choices[workload];
  return typeof choice === 'string' ? choice : inspect(choice);
}

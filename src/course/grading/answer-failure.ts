import { NOT_STARTED } from './answer-protocol';
import type { ThrownValue } from './answer-protocol';
import type { TestStatus } from './result';

/** Why an answer gave no result: its own doing, said in one sentence. */
export class AnswerFailure extends Error {
  override readonly name = 'AnswerFailure';

  constructor(
    message: string,
    readonly status: TestStatus,
  ) {
    super(message);
  }
}

/** What an answer threw, as a failure; the stub's own error means that nobody has started yet. */
export function failureOf(thrown: ThrownValue, whileDoing: string): AnswerFailure {
  if (thrown.isError && thrown.message === NOT_STARTED) return new AnswerFailure('Not started yet.', 'todo');
  if (!thrown.isError) {
    return new AnswerFailure(
      `While ${whileDoing}, the answer threw the ${thrown.name} "${thrown.message}" instead of an Error: throw an Error, so that whoever catches it learns where it came from.`,
      'error',
    );
  }
  if (thrown.message.startsWith('the answer ')) {
    return new AnswerFailure(
      `While ${whileDoing}, ${thrown.message}: nothing measured after that can be trusted, so leave the globals as they are.`,
      'error',
    );
  }
  if (
    thrown.stack.includes('ERR_ACCESS_DENIED') ||
    thrown.message.includes('Access to this API has been restricted')
  ) {
    return new AnswerFailure(
      `While ${whileDoing}, the answer tried to write a file or to start a process, which the grader does not let it: an answer only computes and returns.`,
      'error',
    );
  }
  const at = thrown.name === 'SyntaxError' ? '' : whereInAnswer(thrown.stack);
  return new AnswerFailure(
    `While ${whileDoing}: ${thrown.name}: ${thrown.message}${at === '' ? '' : ` (${at})`}`,
    'error',
  );
}

/** The first line of the stack that is in the learner's own file, as `file.ts:line`. */
function whereInAnswer(stack: string): string {
  for (const line of stack.split('\n')) {
    const match = /([^/\\(]+[/\\][^/\\(]+\.ts):(\d+):\d+\)?$/.exec(line);
    if (match !== null && /^\d\d-/.test(match[1]!)) return `${match[1]}:${match[2]}`;
  }
  return '';
}

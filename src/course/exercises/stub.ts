import { CourseError } from '../../support/course-error';
import { withUnixLineEnds } from '../../support/read-text';
import { NOT_STARTED } from '../grading/answer-protocol';

/*
 * A stub is its solution with the marked parts taken out, so that the two cannot drift:
 *
 *     // @todo One or more comment lines that say what to do here.
 *     // It goes on until the first line that is not a comment, or until the first `// @`.
 *     // @stub return 0;          (optional, one or more: what stands here instead of the known error)
 *     …the solution…
 *     // @end
 *
 * Comments of the solution that should not reach the stub stand after the first line of code.
 */
const TODO = /^(\s*)\/\/ @todo (.*)$/;
const STUB = /^\s*\/\/ @stub (.*)$/;
const END = /^\s*\/\/ @end$/;
const COMMENT = /^\s*\/\/ (?!@)(.*)$/;

interface OpenPart {
  readonly indent: string;
  readonly startedAt: number;
  readonly todo: string[];
  readonly stub: string[];
  inTodo: boolean;
}

/** The text of a stub, from the text of its solution. `name` is for error messages. */
export function stubFromSolution(solution: string, name: string): string {
  const lines: string[] = [];
  let open: OpenPart | undefined;
  let parts = 0;
  for (const [index, line] of withUnixLineEnds(solution).split('\n').entries()) {
    const at = `${name}:${index + 1}`;
    const todo = TODO.exec(line);
    if (todo !== null) {
      if (open !== undefined)
        throw markerError(at, `"@todo" before the part from line ${open.startedAt} has its "@end"`);
      open = { indent: todo[1]!, startedAt: index + 1, todo: [todo[2]!], stub: [], inTodo: true };
      parts += 1;
    } else if (open === undefined) {
      if (END.test(line)) throw markerError(at, '"@end" without a "@todo"');
      lines.push(line);
    } else if (END.test(line)) {
      lines.push(...stubLines(open));
      open = undefined;
    } else {
      readHiddenLine(open, line);
    }
  }
  if (open !== undefined) throw markerError(`${name}:${open.startedAt}`, '"@todo" without an "@end"');
  if (parts === 0) throw markerError(name, 'no "@todo" marks what a learner has to write');
  return lines.join('\n');
}

/** Where a learner writes: the marked parts of a solution, from the line of the `@todo` to that of the `@end`, counted from 0. */
export function markedParts(solution: string): { readonly firstLine: number; readonly lastLine: number }[] {
  const lines = [...withUnixLineEnds(solution).split('\n').entries()];
  const ends = lines.filter(([, line]) => END.test(line)).map(([index]) => index);
  return lines
    .filter(([, line]) => TODO.test(line))
    .map(([firstLine], part) => ({ firstLine, lastLine: ends[part]! }));
}

function readHiddenLine(open: OpenPart, line: string): void {
  const stub = STUB.exec(line);
  const comment = COMMENT.exec(line);
  if (stub !== null) open.stub.push(stub[1]!);
  else if (open.inTodo && comment !== null) open.todo.push(comment[1]!);
  if (comment === null) open.inTodo = false;
}

function stubLines({ indent, todo, stub }: OpenPart): string[] {
  const [first, ...rest] = todo;
  const code = stub.length > 0 ? stub : [`throw new Error('${NOT_STARTED}');`];
  return [`// TODO: ${first}`, ...rest.map((line) => `// ${line}`), ...code].map((line) => indent + line);
}

function markerError(at: string, what: string): CourseError {
  return new CourseError(
    `${at}: ${what}; see the comment in src/course/exercises/stub.ts for how parts are marked.`,
    'CONTENT',
  );
}

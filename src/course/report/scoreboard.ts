import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import type { ExerciseStatus, GradingResult } from '../grading/result';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import { terminalTable } from './terminal-table';

const STATUS: Record<
  ExerciseStatus,
  { readonly words: string; readonly colour: 'green' | 'red' | 'yellow' | 'gray' }
> = {
  pass: { words: '✓ passed', colour: 'green' },
  fail: { words: '✗ not right yet', colour: 'red' },
  error: { words: '✗ error', colour: 'red' },
  timeout: { words: '✗ timed out', colour: 'red' },
  todo: { words: '· not started', colour: 'gray' },
  'not-judged': { words: '? not judged', colour: 'yellow' },
};

/** A line per exercise, the way a learner wants to see it last. */
export function scoreboard(result: GradingResult, heading: string): string {
  const rows = result.exercises.map(({ slug, status, score, maxScore, durationMs }) => {
    const { words, colour } = STATUS[status];
    return [slug, styleText(colour, words), `${score} / ${maxScore}`, `${(durationMs / 1000).toFixed(1)} s`];
  });
  const table = terminalTable(
    [
      { head: 'exercise' },
      { head: 'result' },
      { head: 'points', align: 'right' },
      { head: 'time', align: 'right' },
    ],
    rows,
  );
  const { kind, version, brokers } = result.kafka;
  const broker = `Kafka ${version}, ${kind}, ${brokers} broker${brokers === 1 ? '' : 's'}`;
  return `${styleText('bold', heading)} (${broker})\n${table}\n`;
}

/** What each exercise that is not right says, and what each one that is has taught. */
export function details(result: GradingResult, { taught }: { taught: boolean }): string {
  const parts: string[] = [];
  for (const { slug, status, tests } of result.exercises) {
    if (status === 'todo') continue;
    const definition = EXERCISES.find((one) => one.slug === slug);
    if (status === 'pass') {
      if (taught && definition !== undefined) parts.push(learnt(slug, definition.learnt));
      continue;
    }
    let before = '';
    const lines = tests.map(({ name, status: testStatus, message }) => {
      const { colour } = STATUS[testStatus];
      // A file that does not compile fails every test in the same words: they are worth reading once.
      const told = message !== '' && message === before ? 'The same as above' : message;
      before = message;
      const indented = told.split('\n').map((line) => `      ${line}`);
      const [sign = ''] = STATUS[testStatus].words.split(' ');
      return [`    ${styleText(colour, `${sign} ${name}`)}`, ...(message === '' ? [] : indented)].join('\n');
    });
    parts.push(`${styleText('bold', slug)}\n${lines.join('\n')}\n`);
  }
  return parts.join('\n');
}

function learnt(slug: string, text: string): string {
  const lines = [`What you have just learnt: ${text}`];
  // The learner branch of a class has no solutions.
  if (fs.existsSync(path.join(PROJECT_ROOT, 'solutions', slug))) {
    lines.push(`Compare your answer with solutions/${slug}/`);
  }
  const heading = `${styleText('bold', slug)} ${styleText('green', '✓')}`;
  return `${[heading, ...lines].join('\n    ')}\n`;
}

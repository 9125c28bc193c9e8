import fs from 'node:fs';
import path from 'node:path';
import { nextExercise, readProgress } from '../cli/learner-progress';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import type { ExerciseStatus } from '../grading/result';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import { display } from './display';
import type { MimeBundle } from './kernel-host';

export interface NotebookDefinition {
  readonly slug: string;
  readonly title: string;
  readonly about: string;
}

/** In the order in which a learner meets them. */
export const NOTEBOOKS: readonly NotebookDefinition[] = [
  { slug: '01-architecture', title: 'Architecture', about: 'seven steps from send() to the broker' },
  { slug: '02-configuration', title: 'Configuration', about: 'one knob at a time, throughput or latency' },
  { slug: '03-partitioning', title: 'Partitioning', about: 'which way a record goes, and why' },
  { slug: '04-idempotence', title: 'Idempotence', about: 'the duplicate, and its cure' },
  { slug: '05-compression', title: 'Compression', about: 'five codecs on three kinds of data' },
  { slug: '06-hands-on-lab', title: 'Hands-on lab', about: 'the whole producer as a service' },
  {
    slug: '07-tuning-and-pitfalls',
    title: 'Tuning and pitfalls',
    about: 'three profiles, four pitfalls',
  },
  {
    slug: '08-when-something-fails',
    title: 'When something fails',
    about: 'retries, expiry, and a leader that crashes',
  },
];

export type StatusBySlug = Readonly<Record<string, ExerciseStatus>>;

const WORDS: Readonly<Record<ExerciseStatus, string>> = {
  pass: '✓ passed',
  fail: '✗ not right yet',
  error: '✗ not right yet',
  timeout: '✗ not right yet',
  todo: '· not started',
  'not-judged': '? could not be judged',
};

/** Shows every notebook with its exercises and their results in the last grading. */
export function courseMap(): void {
  display(courseMapBundle(readProgress().status));
}

/** Shows the exercises that a notebook prepares for, their results, and the command that grades each. */
export function exercisesOf(notebook: string): void {
  display(exercisesBundle(notebook, readProgress().status));
}

export function courseMapBundle(status: StatusBySlug): MimeBundle {
  const passed = EXERCISES.filter(({ slug }) => status[slug] === 'pass').length;
  const next = nextExercise(status);
  const finding =
    next === undefined
      ? `All ${EXERCISES.length} exercises passed.`
      : `${passed} of ${EXERCISES.length} exercises passed. Next: ${next.slug}, prepared by notebook ${next.notebook}.`;
  const rows = NOTEBOOKS.map((notebook) => ({ notebook, exercises: preparedBy(notebook.slug) }));
  const markdown = rows.map(({ notebook, exercises }) => {
    const told = exercises.map((exercise) => `${linkTo(exercise)} ${wordsOf(exercise, status)}`);
    return `| ${linkToNotebook(notebook)} | ${notebook.about} | ${told.join('<br>')} |`;
  });
  const plain = rows.flatMap(({ notebook, exercises }) => [
    `${notebook.slug}: ${notebook.about}`,
    ...exercises.map((exercise) => `    ${exercise.slug}  ${wordsOf(exercise, status)}`),
  ]);
  return {
    'text/markdown': [
      `**${finding}**`,
      '',
      '| notebook | about | exercises |',
      '|---|---|---|',
      ...markdown,
    ].join('\n'),
    'text/plain': [finding, ...plain].join('\n'),
  };
}

export function exercisesBundle(notebook: string, status: StatusBySlug): MimeBundle {
  if (!NOTEBOOKS.some(({ slug }) => slug === notebook)) {
    throw new RangeError(
      `No notebook is called "${notebook}": there are ${NOTEBOOKS.map(({ slug }) => slug).join(', ')}.`,
    );
  }
  const exercises = preparedBy(notebook);
  if (exercises.length === 0) return { 'text/plain': `No exercise belongs to notebook ${notebook}.` };
  const command = (exercise: ExerciseDefinition) => `npm run grade -- ${exercise.slug}`;
  const markdown = exercises.map(
    (exercise) =>
      `| ${linkTo(exercise)} | ${exercise.title} | ${wordsOf(exercise, status)} | \`${command(exercise)}\` |`,
  );
  const plain = exercises.map(
    (exercise) => `${exercise.slug}  ${wordsOf(exercise, status)}  ${command(exercise)}`,
  );
  return {
    'text/markdown': ['| exercise | | last grading | in a terminal |', '|---|---|---|---|', ...markdown].join(
      '\n',
    ),
    'text/plain': plain.join('\n'),
  };
}

function preparedBy(notebook: string): ExerciseDefinition[] {
  return EXERCISES.filter((exercise) => exercise.notebook === notebook);
}

function wordsOf({ slug }: ExerciseDefinition, status: StatusBySlug): string {
  return WORDS[status[slug] ?? 'todo'];
}

/** Relative to the notebooks, which is how JupyterLab follows a link in an output. */
function linkTo({ slug }: ExerciseDefinition): string {
  return `[${slug}](../exercises/${slug}/README.md)`;
}

function linkToNotebook({ slug, title }: NotebookDefinition): string {
  const text = `${slug.slice(0, 2)} · ${title}`;
  const exists = fs.existsSync(path.join(PROJECT_ROOT, 'notebooks', `${slug}.ipynb`));
  return exists ? `[${text}](${slug}.ipynb)` : text;
}

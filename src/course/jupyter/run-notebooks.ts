import path from 'node:path';
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import { describeKafka, KAFKA_VARIABLE, useKafka, type CourseKafka } from '../../broker/index';
import { CourseError, UsageError } from '../../support/course-error';
import { coursePath, projectRoot } from '../../support/project-paths';
import { ensurePythonEnv } from '../../support/python-env';
import { WITHOUT_PROGRESS } from '../cli/learner-progress';
import { notebookFiles } from './clean-notebooks';
import { startGuarded } from './guarded-process';
import { labEnvironment } from './lab-environment';

const SCRIPT = path.join(projectRoot, 'jupyter', 'run_notebooks.py');
/** Where the executed copies go; what is committed stays as it is. */
export const EXECUTED = coursePath('notebooks');
/** For one cell. A whole notebook is meant to take less than a minute. */
const CELL_LIMIT_S = 120;
const GRACE_MS = 2000;

type RunEvent =
  | { readonly event: 'cell'; readonly notebook: string; readonly done: number; readonly cells: number }
  | {
      readonly event: 'end';
      readonly notebook: string;
      /** One entry for each thing that went wrong. */
      readonly wrong: readonly string[];
      readonly seconds: number;
    };

export interface RunNotebooksOptions {
  /** Every cell twice before the next one: it must do no harm. */
  readonly twice?: boolean;
}

/**
 * `npm run notebooks`: runs notebooks headless, each in a kernel of its own, all on one broker. True when every cell of
 * every one ran, nothing printed was lost and no promise was rejected unseen.
 */
export async function runNotebooksCommand(
  names: readonly string[],
  { twice = false }: RunNotebooksOptions = {},
): Promise<boolean> {
  const files = selectNotebooks(names);
  const onProgress = (line: string) => console.log(line);
  const python = await ensurePythonEnv({ requirements: 'requirements/lab.txt', onProgress });
  const kafka = await useKafka({ onProgress });
  try {
    return await runAll(python, files, { kafka, twice });
  } finally {
    await kafka.stop();
  }
}

/** The notebooks whose file name contains one of the words; all when there is none. */
export function selectNotebooks(words: readonly string[], files = notebookFiles()): string[] {
  const nameOf = (file: string) => path.basename(file, '.ipynb');
  for (const word of words) {
    if (!files.some((file) => nameOf(file).includes(word))) {
      throw new UsageError(`No notebook is called "${word}": there are ${files.map(nameOf).join(', ')}.`);
    }
  }
  return words.length === 0
    ? [...files]
    : files.filter((file) => words.some((word) => nameOf(file).includes(word)));
}

async function runAll(
  python: string,
  files: readonly string[],
  { kafka, twice }: { readonly kafka: CourseKafka; readonly twice: boolean },
): Promise<boolean> {
  const { child, exited } = startGuarded({
    command: python,
    args: [SCRIPT, ...(twice ? ['--twice'] : []), String(CELL_LIMIT_S), EXECUTED, ...files],
    env: {
      ...labEnvironment(),
      ...WITHOUT_PROGRESS,
      [KAFKA_VARIABLE]: JSON.stringify(describeKafka(kafka)),
    },
    output: 'pipe',
    graceMs: GRACE_MS,
  });
  const failures: string[] = [];
  let ended = 0;
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  if (child.stdout === null) throw new Error('The notebooks are run with a pipe for what they report.');
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    showEvent(event);
    if (event.event !== 'end') continue;
    ended += 1;
    if (event.wrong.length > 0) failures.push(event.notebook);
  }
  const code = await exited;
  // Failing closed: a run that did not report on each notebook has not run them.
  if (ended < files.length || (code !== 0 && failures.length === 0)) {
    const reason = complaints.trim().split('\n').slice(-1)[0] ?? '';
    throw new CourseError(
      `Running the notebooks broke off with code ${code} after ${ended} of ${files.length}: ${reason}`,
      'PREREQUISITE',
      { cause: new Error(complaints) },
    );
  }
  const copies = path.relative(projectRoot, EXECUTED);
  console.log(
    `${files.length - failures.length} of ${files.length} notebooks ran whole; copies with outputs: ${copies}`,
  );
  return failures.length === 0;
}

function showEvent(event: RunEvent): void {
  const interactive = process.stdout.isTTY;
  if (event.event === 'cell') {
    if (interactive) process.stdout.write(`\r  ${event.notebook}  cell ${event.done} of ${event.cells} `);
    return;
  }
  if (interactive) process.stdout.write('\r\x1b[K');
  const mark = event.wrong.length === 0 ? styleText('green', '✓') : styleText('red', '✗');
  console.log(`${mark} ${event.notebook}  ${event.seconds.toFixed(1)} s`);
  for (const wrong of event.wrong) console.log(wrong.replace(/^/gm, '    '));
}

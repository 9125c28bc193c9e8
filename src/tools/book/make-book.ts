import fs from 'node:fs';
import path from 'node:path';
import { CourseError, UsageError } from '../../support/course-error';
import { coursePath } from '../../support/project-paths';
import { ensurePythonEnv } from '../../support/python-env';
import { runCommand } from '../../support/run-command';
import { stubOf } from '../../course/exercises/stub-files';
import { notebookFiles } from '../../course/jupyter/clean-notebooks';
import { EXECUTED, runNotebooksCommand } from '../../course/jupyter/run-notebooks';
import { EXERCISES, PROJECT_ROOT } from '../../course/exercises/manifest';
import { checkBookFolder, putBookInPlace } from './book-folder';
import { writeBookSource } from './book-source';
import { complaintsAbout } from './executed-notebook';
import type { ExecutedNotebook } from './executed-notebook';
import { brokenReferences } from './site-check';

export interface BookOptions {
  /** Where the book is to be, seen from where npm was called; book/ in the project when it is left out. */
  readonly out?: string;
  /** Run the notebooks first; otherwise the copies that the last run left are taken. */
  readonly run: boolean;
}

const SOURCE = coursePath('book', 'source');
const SITE = coursePath('book', 'site');

/** `npm run book`: runs the notebooks and makes a static site of them. True when nothing was wrong and the book is written. */
export async function makeBook({ out, run }: BookOptions): Promise<boolean> {
  const folder =
    out === undefined
      ? path.join(PROJECT_ROOT, 'book')
      : path.resolve(process.env['INIT_CWD'] ?? process.cwd(), out);
  checkBookFolder(folder, out ?? 'book');
  checkNothingIsSolved();
  if (run && !(await runNotebooksCommand([]))) {
    console.log('The book was not written: a notebook did not run whole.');
    return false;
  }
  const notebooks = readExecuted();
  const onProgress = (line: string) => console.log(line);
  const python = await ensurePythonEnv({
    requirements: 'requirements/book.txt',
    folder: 'book-venv',
    onProgress,
  });
  console.log('Making the pages ...');
  writeBookSource(SOURCE, notebooks);
  const wrong = await buildSite(python);
  for (const complaint of wrong) console.log(complaint);
  if (wrong.length > 0) {
    console.log(`The book was not written: ${wrong.length} things are wrong with its pages.`);
    return false;
  }
  putBookInPlace(SITE, folder);
  console.log(
    `The book is written: ${path.join(folder, 'index.html')}. Any web server can serve its folder as it is.`,
  );
  return true;
}

/** The notebooks run what is in exercises/, and a book for learners shows nobody's solution at work. */
function checkNothingIsSolved(): void {
  const begun = EXERCISES.flatMap((exercise) => {
    const names = exercise.files.map((name) => `exercises/${exercise.slug}/${name}`);
    const isStub = (name: string, at: number): boolean =>
      readText(path.join(PROJECT_ROOT, name)) === stubOf(exercise, exercise.files[at]!);
    return names.filter((name, at) => !isStub(name, at));
  });
  if (begun.length === 0) return;
  const more = begun.length === 1 ? '' : ` and ${begun.length - 1} more`;
  throw new UsageError(
    `${begun[0]}${more} is not the stub, and the book would show what it does: put it back with npm run course -- reset (the attempt is kept), or make the book from another checkout.`,
  );
}

const readText = (file: string): string | undefined =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;

function readExecuted(): Map<string, ExecutedNotebook> {
  return new Map(
    notebookFiles().map((file) => {
      const slug = path.basename(file, '.ipynb');
      const read = (text: string) => JSON.parse(text) as ExecutedNotebook;
      const copy = readText(path.join(EXECUTED, path.basename(file)));
      const executed = copy === undefined ? undefined : read(copy);
      const committed = read(fs.readFileSync(file, 'utf8'));
      const complaints = executed === undefined ? ['it was not run'] : complaintsAbout(executed, committed);
      if (executed !== undefined && complaints.length === 0) return [slug, executed];
      throw new CourseError(
        `There is no whole run of ${slug} to make the book of (${complaints[0]?.split('\n')[0]}): call npm run book without --no-run.`,
        'PREREQUISITE',
      );
    }),
  );
}

/** What is wrong with the pages, one entry each: what Sphinx warns of, and what its warnings do not cover. */
async function buildSite(python: string): Promise<string[]> {
  fs.rmSync(SITE, { recursive: true, force: true });
  const flags = [
    '-W',
    '--keep-going',
    '-q',
    '-j',
    'auto',
    '-b',
    'html',
    '-d',
    coursePath('book', 'doctrees'),
  ];
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', NO_COLOR: '1' };
  const { exitCode, stdout, stderr, error } = await runCommand(
    python,
    ['-m', 'sphinx', ...flags, SOURCE, SITE],
    { env, cwd: PROJECT_ROOT },
  );
  if (exitCode === 0) return brokenReferences(SITE);
  const said = (stdout + stderr).replaceAll(`${SOURCE}${path.sep}`, '').trim();
  // Failing closed, whatever it did or did not say.
  return said === ''
    ? [`Sphinx ended with code ${exitCode}: ${error?.message ?? 'it said nothing'}`]
    : said.split('\n');
}

import fs from 'node:fs';
import path from 'node:path';
import { stubOf } from '../../course/exercises/stub-files';
import { EXERCISES, PROJECT_ROOT } from '../../course/exercises/manifest';
import { NOTEBOOKS } from '../../course/notebook/course-map';
import { notebookForBook, sourceOf } from './executed-notebook';
import type { ExecutedNotebook } from './executed-notebook';
import { frontPage } from './front-page';

/** How Sphinx makes the site, and the script and style of its pages. */
const SPHINX = path.join(__dirname, 'sphinx');
/** What pages load beside them, from packages that the course has anyway, each with its licence. */
const LIBRARIES = [
  'vega/build/vega.min.js',
  'vega-lite/build/vega-lite.min.js',
  'vega-embed/build/vega-embed.min.js',
  '@mermaid-js/tiny/dist/mermaid.tiny.js',
];
const LINK = /\]\(([^)\s#]+)/g;
/** Folders whose files become pages where a page links to them. Others do not: there is no way from here to a solution. */
const LINKED = ['src/', 'docs/'];

/**
 * Writes what Sphinx makes the book of: the front page, the executed notebooks, the exercises with their stubs, and the
 * sources that these link to. Every file lies where it lies in the project, so that the links between them fit as they are.
 */
export function writeBookSource(folder: string, notebooks: ReadonlyMap<string, ExecutedNotebook>): void {
  fs.rmSync(folder, { recursive: true, force: true });
  const write = (name: string, content: string | Buffer): void => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  };
  writeLook(write);
  write('index.md', frontPage({ notebooks: [...notebooks.keys()], about: NOTEBOOKS, exercises: EXERCISES }));
  const linked = new Set<string>();
  for (const [slug, executed] of notebooks) {
    const { notebook, pictures } = notebookForBook(executed, slug, '../_static/charts');
    write(`notebooks/${slug}.ipynb`, JSON.stringify(notebook));
    for (const { name, png } of pictures) write(`_static/charts/${name}`, png);
    const markdown = executed.cells.filter(({ cell_type }) => cell_type === 'markdown').map(sourceOf);
    for (const file of linkedFiles(markdown.join('\n'), 'notebooks')) linked.add(file);
  }
  for (const exercise of EXERCISES) {
    const place = `exercises/${exercise.slug}`;
    const readme = fs.readFileSync(path.join(PROJECT_ROOT, place, 'README.md'), 'utf8');
    write(`${place}/README.md`, readme);
    for (const name of exercise.files) write(`${place}/${name}`, stubOf(exercise, name));
    for (const file of linkedFiles(readme, place)) linked.add(file);
  }
  for (const file of linked) {
    const text = fs.readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
    write(file, file.endsWith('.md') ? `---\norphan: true\n---\n\n${text}` : text);
  }
}

/** The files that a page links to and that are to become pages as well, as paths from the project's root. */
export function linkedFiles(markdown: string, folder: string): string[] {
  const targets = [...markdown.matchAll(LINK)].map(([, target]) => path.posix.join(folder, target!));
  const wanted = targets.filter((target) => LINKED.some((start) => target.startsWith(start)));
  return [...new Set(wanted)].filter((target) => fs.existsSync(path.join(PROJECT_ROOT, target)));
}

function writeLook(write: (name: string, content: Buffer) => void): void {
  const copy = (name: string, ...from: string[]): void => write(name, fs.readFileSync(path.join(...from)));
  for (const name of ['conf.py', 'source_pages.py']) copy(name, SPHINX, name);
  for (const name of fs.readdirSync(path.join(SPHINX, 'static')))
    copy(`_static/${name}`, SPHINX, 'static', name);
  for (const library of LIBRARIES) {
    const file = path.join(PROJECT_ROOT, 'node_modules', library);
    copy(`_static/vendor/${path.basename(file)}`, file);
    const license = path.join(path.dirname(file), '..', 'LICENSE');
    copy(`_static/vendor/${path.basename(file, '.js')}.LICENSE.txt`, license);
  }
}

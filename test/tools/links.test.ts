import fs from 'node:fs';
import path from 'node:path';
import { EXERCISES } from '../../src/course/exercises/manifest';
import { notebookFiles } from '../../src/course/jupyter/clean-notebooks';
import { projectRoot } from '../../src/support/project-paths';

/** Made or fetched, and not the course's own text. */
const FOREIGN = new Set(['node_modules', '.git', '.course', 'reports', '.ipynb_checkpoints', 'coverage']);
const LINK = /\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)/g;
const HEADING = /^#{1,6} +(.+?) *$/gm;

interface Page {
  readonly file: string;
  /** Without what stands between code fences: nothing in there is a link. */
  readonly text: string;
  readonly code: string;
}

function markdownFiles(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (FOREIGN.has(entry.name)) return [];
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

function readPage(file: string): Page {
  const whole = fs.readFileSync(file, 'utf8');
  if (!file.endsWith('.ipynb')) return { file, text: withoutFences(whole), code: '' };
  const { cells } = JSON.parse(whole) as { cells: { cell_type: string; source: string[] }[] };
  const of = (type: string) =>
    cells.filter(({ cell_type }) => cell_type === type).map(({ source }) => source.join(''));
  return { file, text: withoutFences(of('markdown').join('\n\n')), code: of('code').join('\n') };
}

function withoutFences(text: string): string {
  return text.replace(/^ *(`{3,})[^`\n]*\n[^]*?^ *\1 *$/gm, '');
}

function headingsOf({ text }: Page): string[] {
  return [...text.matchAll(HEADING)].map(([, heading]) => heading!);
}

/** As GitHub makes the anchor of a heading; JupyterLab only puts dashes for spaces. */
function anchorsOf(page: Page): string[] {
  return headingsOf(page).map((heading) => {
    const plain = heading.replace(/[`*]/g, '');
    if (page.file.endsWith('.ipynb')) return plain.replace(/ /g, '-');
    return plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replace(/ /g, '-');
  });
}

const notebooks = notebookFiles().map(readPage);
const pages = [...notebooks, ...markdownFiles(projectRoot).map(readPage)];
const notebookNamed = (slug: string) => notebooks.find(({ file }) => path.basename(file, '.ipynb') === slug);
const nameOf = ({ file }: Page) => path.relative(projectRoot, file);

test.each(pages.map((page) => [nameOf(page), page] as const))(
  'every link in %s leads somewhere',
  (_, page) => {
    const broken = [...page.text.matchAll(LINK)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/i.test(target))
      .filter((target) => {
        const [relative = '', anchor] = decodeURIComponent(target).split('#');
        const file = relative === '' ? page.file : path.resolve(path.dirname(page.file), relative);
        if (!fs.existsSync(file)) return true;
        return anchor !== undefined && !anchorsOf(readPage(file)).includes(anchor);
      });
    expect(broken).toEqual([]);
  },
);

test('every exercise has its place in its notebook: a link to its page, and a cell that grades it', () => {
  for (const { slug, notebook } of EXERCISES) {
    const page = notebookNamed(notebook);
    expect(page?.text).toContain(`../exercises/${slug}/README.md`);
    expect(page?.code).toContain(`gradeHere('${slug}')`);
  }
});

test('every notebook with exercises shows how they stand', () => {
  for (const slug of new Set(EXERCISES.map(({ notebook }) => notebook))) {
    expect(notebookNamed(slug)?.code).toContain(`exercisesOf('${slug}')`);
  }
});

/** "notebook 04-idempotence, "On the wire"", as graders and exercises say where to read on. */
const SECTION = /notebooks? (?:\[`)?(\d\d-[a-z-]+)(?:`\]\([^)]*\))?, "([^"]+)"/gi;

test('every section of a notebook that a grader or an exercise names is there', () => {
  const graders = fs
    .readdirSync(path.join(projectRoot, 'test', 'exercises'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(projectRoot, 'test', 'exercises', name));
  const readmes = EXERCISES.map(({ slug }) => path.join(projectRoot, 'exercises', slug, 'README.md'));
  const named = [...graders, ...readmes].flatMap((file) =>
    [...fs.readFileSync(file, 'utf8').matchAll(SECTION)].map(([, slug, heading]) => ({
      file,
      slug,
      heading,
    })),
  );
  expect(named.length).toBeGreaterThan(10);
  const missing = named.filter(({ slug, heading }) => {
    const page = notebookNamed(slug!);
    return page === undefined || !headingsOf(page).includes(heading!);
  });
  expect(missing).toEqual([]);
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { linkedFiles, writeBookSource } from '../../../src/tools/book/book-source';
import type { ExecutedNotebook } from '../../../src/tools/book/executed-notebook';
import { frontPage } from '../../../src/tools/book/front-page';
import { EXERCISES, PROJECT_ROOT } from '../../../src/course/exercises/manifest';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'book-source-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

const NOTEBOOK: ExecutedNotebook = {
  cells: [
    {
      cell_type: 'markdown',
      source:
        '# One\n[parts](../src/producer/producer-parts.ts) [answer](../solutions/05-buffer-pool/buffer-pool.ts)',
    },
  ],
  metadata: {},
};

/** Statements that stand between the marks of a solution and not in its stub. */
function hiddenLines(solution: string, stub: string): string[] {
  const inStub = new Set(stub.split('\n').map((line) => line.trim()));
  const lines = solution.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.length > 25 && line.endsWith(';') && !inStub.has(line));
}

describe('the source of the book', () => {
  it('holds every exercise with its stub and the sources that are linked to, each at its own place', () => {
    writeBookSource(folder, new Map([['01-one', NOTEBOOK]]));
    for (const { slug, files } of EXERCISES) {
      const readme = fs.readFileSync(path.join(folder, 'exercises', slug, 'README.md'), 'utf8');
      expect(readme).toBe(fs.readFileSync(path.join(PROJECT_ROOT, 'exercises', slug, 'README.md'), 'utf8'));
      for (const name of files) {
        const stub = fs.readFileSync(path.join(folder, 'exercises', slug, name), 'utf8');
        expect(stub).toMatch(/TODO/);
      }
    }
    expect(fs.existsSync(path.join(folder, 'notebooks', '01-one.ipynb'))).toBe(true);
    expect(fs.existsSync(path.join(folder, 'src', 'producer', 'producer-parts.ts'))).toBe(true);
  });

  it('holds no solution, not even one that a notebook links to', () => {
    writeBookSource(folder, new Map([['01-one', NOTEBOOK]]));
    expect(fs.readdirSync(folder)).not.toContain('solutions');
    const sources = fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
    expect(sources.length).toBeGreaterThan(EXERCISES.length);
    // A learner's branch has no solutions that could be compared with, and none that could get into the book.
    const answers = EXERCISES.flatMap(({ slug, files }) =>
      files
        .map((name) => path.join('solutions', slug, name))
        .filter((file) => fs.existsSync(path.join(PROJECT_ROOT, file)))
        .flatMap((file) => {
          const stub = fs.readFileSync(path.join(folder, file.replace('solutions', 'exercises')), 'utf8');
          return hiddenLines(fs.readFileSync(path.join(PROJECT_ROOT, file), 'utf8'), stub);
        }),
    );
    expect(answers.filter((line) => sources.some((text) => text.includes(line)))).toEqual([]);
  });

  it('makes pages of linked sources and documents that exist, and of nothing else', () => {
    const links =
      '[a](../src/producer/producer-parts.ts) [b](../docs/settings.md#acks) [c](../src/gone.ts) [d](../test/x.ts) [e](02.ipynb)';
    expect(linkedFiles(links, 'notebooks')).toEqual(['src/producer/producer-parts.ts', 'docs/settings.md']);
  });

  it('begins with a page that leads to every notebook and every exercise', () => {
    const page = frontPage({
      notebooks: ['00-start', '01-one'],
      about: [{ slug: '01-one', title: 'One', about: 'the first' }],
      exercises: [
        { slug: '04-b', title: 'B', notebook: '01-one' },
        { slug: '05-c', title: 'C', notebook: '02-two' },
      ],
    });
    expect(page).toContain(
      '| [01 · One](notebooks/01-one.ipynb) | the first | [04 · B](exercises/04-b/README.md) |',
    );
    const trees = [...page.matchAll(/```{toctree}\n([\s\S]*?)```/g)].map(([, tree]) => tree!.split('\n'));
    expect(trees[0]).toEqual(expect.arrayContaining(['notebooks/00-start', 'notebooks/01-one']));
    expect(trees[1]).toEqual(expect.arrayContaining(['exercises/04-b/README', 'exercises/05-c/README']));
  });
});

import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../src/support/project-paths';

const FOLDER = __dirname;

/** What each id means: the rows of behaviours.md. */
const ROWS = fs
  .readFileSync(path.join(FOLDER, 'behaviours.md'), 'utf8')
  .split('\n')
  .flatMap((line) => /^\| ([A-L]-\d\d) \|/.exec(line)?.[1] ?? []);

/** Everything that people read and that is kept in the repository as text. */
const READ_BY_PEOPLE = ['src', 'test', 'exercises', 'solutions', 'notebooks', 'docs'];

/** The ids that a title begins with: "H-01", "G-20 C-25", "F-13, G-09". */
function idsOf(title: string): string[] {
  const [ids] = /^([A-L]-\d\d,? )*/.exec(title)!;
  return ids.match(/[A-L]-\d\d/g) ?? [];
}

/** Titles of the tests that run: what `it`, `test` and their `.each` are given, and not `it.skip` and the like. */
function titlesIn(file: string): string[] {
  const titles: string[] = [];
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression, source)) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
      else if (title !== undefined && ts.isTemplateExpression(title)) titles.push(title.head.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

function isTest(callee: ts.Expression, source: ts.SourceFile): boolean {
  const each = ts.isCallExpression(callee) ? callee.expression : callee;
  return /^(it|test)(\.each)?$/.test(each.getText(source));
}

const tested = new Set(
  ['producer', 'protocol', 'network', 'simulation'].flatMap((name) => {
    const folder = path.join(FOLDER, '..', name);
    return fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => titlesIn(path.join(folder, file)).flatMap(idsOf));
  }),
);

/** Of the first table only: the second is about behaviours that are tested in another form. */
const untested = new Map(
  fs
    .readFileSync(path.join(FOLDER, 'untested-behaviours.md'), 'utf8')
    .split('Tested in another form')[0]!
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, id, , reason]) => (/^[A-L]-\d\d$/.test(id ?? '') ? [[id!, reason] as const] : [])),
);

describe("The behaviours of Kafka's producer", () => {
  it('are each the beginning of a test title, or untested for a reason that is told', () => {
    expect(ROWS.filter((id) => !tested.has(id) && !untested.get(id))).toEqual([]);
  });

  it('are tested or untested, not both', () => {
    expect([...untested.keys()].filter((id) => tested.has(id))).toEqual([]);
  });

  it('are what the titles name: no test claims one that there is not', () => {
    expect([...tested, ...untested.keys()].filter((id) => !ROWS.includes(id))).toEqual([]);
    expect(ROWS).toHaveLength(208);
    expect(new Set(ROWS).size).toBe(208);
  });

  it('are defined in behaviours.md, wherever the project names one', () => {
    const named = READ_BY_PEOPLE.flatMap((folder) => textFilesIn(path.join(projectRoot, folder))).concat(
      fs
        .readdirSync(projectRoot)
        .flatMap((name) => (name.endsWith('.md') ? path.join(projectRoot, name) : [])),
    );
    const unknown = named.flatMap((file) =>
      (fs.readFileSync(file, 'utf8').match(/\([A-L]-\d\d\)|\b[A-L]-\d\d(?=[ ,)])/g) ?? [])
        .map((id) => id.replace(/[()]/g, ''))
        .filter((id) => !ROWS.includes(id))
        .map((id) => `${path.relative(projectRoot, file)}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });
});

function textFilesIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return []; // a learner's branch has no solutions
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|cjs|md|ipynb)$/.test(name) && !name.includes('.ipynb_checkpoints'))
    .map((name) => path.join(folder, name));
}

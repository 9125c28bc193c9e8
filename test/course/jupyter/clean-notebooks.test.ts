import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkNotebooksClean, cleanNotebooks } from '../../../src/course/jupyter/clean-notebooks';
import { selectNotebooks } from '../../../src/course/jupyter/run-notebooks';
import { UsageError } from '../../../src/support/course-error';

let folder: string;
const write = (name: string, content: unknown) =>
  fs.writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8');

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'notebooks-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const used = {
  cells: [
    { cell_type: 'markdown', id: 'title', metadata: { editable: true }, source: '# Title\n\ntext\n' },
    {
      cell_type: 'code',
      execution_count: 7,
      id: 'run',
      metadata: { execution: { 'iopub.execute_input': '2026-01-01' }, tags: ['kept'] },
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['1\n'] }],
      source: ['const a = 1;\n', 'a'],
    },
  ],
  metadata: { language_info: { version: '9' }, widgets: {} },
  nbformat: 4,
  nbformat_minor: 5,
};

describe('the committed form of a notebook', () => {
  test('a notebook that was run is found and named', () => {
    write('used.ipynb', used);
    expect(checkNotebooksClean(folder)).toEqual([
      expect.stringMatching(/used\.ipynb holds outputs or marks of a run/),
    ]);
  });

  test('cleaning takes away outputs, counts and marks, and keeps sources, ids and tags', () => {
    write('used.ipynb', used);
    expect(cleanNotebooks(folder)).toHaveLength(1);
    const { cells } = JSON.parse(read('used.ipynb')) as { cells: unknown[] };
    expect(cells).toEqual([
      { cell_type: 'markdown', id: 'title', metadata: {}, source: ['# Title\n', '\n', 'text'] },
      {
        cell_type: 'code',
        execution_count: null,
        id: 'run',
        metadata: { tags: ['kept'] },
        outputs: [],
        source: ['const a = 1;\n', 'a'],
      },
    ]);
  });

  test('cleaning twice changes nothing the second time', () => {
    write('used.ipynb', used);
    cleanNotebooks(folder);
    expect(cleanNotebooks(folder)).toEqual([]);
    expect(checkNotebooksClean(folder)).toEqual([]);
  });

  test('a file that is no notebook is an error that names it', () => {
    write('broken.ipynb', '{');
    expect(() => checkNotebooksClean(folder)).toThrow(/broken\.ipynb is not a notebook/);
  });
});

describe('choosing notebooks by name', () => {
  const files = ['/n/00-start-here.ipynb', '/n/03-partitioning.ipynb'];

  test.each([
    [[], files],
    [['partition'], ['/n/03-partitioning.ipynb']],
    [['03', '00'], files],
  ])('%j', (words, chosen) => {
    expect(selectNotebooks(words, files)).toEqual(chosen);
  });

  test('a word that fits none is a usage error that names those there are', () => {
    expect(() => selectNotebooks(['nope'], files)).toThrow(UsageError);
    expect(() => selectNotebooks(['nope'], files)).toThrow(
      /"nope": there are 00-start-here, 03-partitioning/,
    );
  });
});

import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../../src/support/project-paths';

const SRC = path.join(projectRoot, 'src');

const sources = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?<!\.d)\.ts$/.test(file))
  .map((file) => path.join(SRC, file));

test('every source file is a module: tslab brings no script along, and a notebook then misses it', () => {
  const scripts = sources.filter((file) => {
    const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
    return !ts.isExternalModule(source);
  });
  expect(sources.length).toBeGreaterThan(0);
  expect(scripts).toEqual([]);
});

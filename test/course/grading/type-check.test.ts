import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { typeProblems } from '../../../src/course/grading/type-check';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'answers-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

function answer(text: string): string {
  const file = path.join(folder, '06-key-partitioner', 'key-partitioner.ts');
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, text);
  return file;
}

describe('typeProblems', () => {
  it('finds the line and says what an editor says, in a folder anywhere', () => {
    const file = answer(
      `import { murmur2 } from '../../../src/producer/index';\n\nexport const hash: string = murmur2(Buffer.from('a'));\n`,
    );
    expect(typeProblems([file])).toEqual([
      { file, line: 3, column: 14, message: "Type 'number' is not assignable to type 'string'." },
    ]);
  });

  it('finds nothing where there is nothing', () => {
    expect(typeProblems([answer('export const one: number = 1;\n')])).toEqual([]);
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AnswerLoader } from '../../../src/course/grading/answer-loader';
import { murmur2 as courseMurmur2, TimeoutError } from '../../../src/producer/index';
import { projectRoot } from '../../../src/support/project-paths';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'answers-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

const load = (text: string, values: readonly string[] = []): Record<string, unknown> =>
  new AnswerLoader({ folder, values }).load(write('99-double/double.ts', text));

/** Reads every export, as a probe does. */
const use = (text: string): unknown[] => Object.values(load(text));

describe('what an answer may import', () => {
  it("gives it the course's own error classes, clocks and the values of its exercise, whatever src lies beside it", () => {
    write('src/producer/index.ts', 'export class TimeoutError extends Error {}');
    write('99-double/src/producer/index.ts', 'export class TimeoutError extends Error {}');
    const answer = load(
      `import { murmur2, TimeoutError } from '../../src/producer/index';
       import { SystemClock } from '../../src/support/clock';
       import type { Order } from '../../src/lab/order';
       export const all = [murmur2, TimeoutError, new SystemClock().now() > 0] as const;
       export const order: Order | null = null;`,
      ['murmur2'],
    );
    expect(answer['all']).toEqual([courseMurmur2, TimeoutError, true]);
  });

  it('gives it files of its own, also those of another exercise, and Node modules that compute', () => {
    write('98-other/other.ts', `export const two = 2;`);
    write('99-double/factor.json', '{ "factor": 21 }');
    write(
      '99-double/helper.ts',
      `import { factor } from './factor.json'; export const times = (n: number) => n * factor;`,
    );
    const answer = load(
      `import { createHash } from 'node:crypto';
       import { two } from '../98-other/other';
       import { times } from './helper';
       export const result = times(two);
       export const hash = createHash('md5').update('a').digest('hex');`,
    );
    expect(answer).toMatchObject({ result: 42, hash: '0cc175b9c0f1b6a831c399e269772661' });
  });

  it.each([
    ['a re-export', `export { BufferPool } from '../../src/producer/index';`],
    ['a re-export under another name', `export { isSendable as x } from '../../src/producer/index.ts';`],
    ['everything at once', `export * from '../../src/producer/index';`],
    ['everything as one', `import * as all from '../../src/producer/index'; export const x = { ...all };`],
    [
      'one of everything',
      `import * as all from '../../src/producer/index'; export const x = all.BufferPool;`,
    ],
    [
      'a computed name',
      `import * as all from '../../src/producer/index'; export const x = all['Buffer' + 'Pool'];`,
    ],
    ['require', `export const x = require('../../src/producer/index').BufferPool;`],
    [
      'a class to extend',
      `import { JsonSerializer } from '../../src/producer/index'; export class X extends JsonSerializer {}`,
    ],
    ['an internal', `export { BufferPool } from '../../src/producer/internals/buffer-pool';`],
    ['a default of the lab', `export { orderBytes } from '../../src/lab/order';`],
    ['the solutions', `export * from '../../solutions/05-buffer-pool/buffer-pool';`],
    ['the solutions through src', `export * from '../../src/../solutions/05-buffer-pool/buffer-pool';`],
    ['the producer through src', `export * from '../../src/lab/../producer/index';`],
    ['a full path', `export * from ${JSON.stringify(path.join(projectRoot, 'src', 'producer', 'index'))};`],
    ['the file system', `import { readFileSync } from 'node:fs'; export const x = readFileSync;`],
    ['modules of Node by another name', `export const x = require('module');`],
    ['code from text', `export const x = require('node:vm').runInThisContext;`],
    ['a package', `export { Partitioners } from 'kafkajs';`],
  ])('refuses %s, and says what it may', (_, text) => {
    expect(() => use(text)).toThrow(/It may import its own files, .*error classes of src\/producer\/index/);
  });

  it('refuses a dynamic import like any other', async () => {
    const { x } = load(`export const x = (name: string) => import(name);`) as {
      x: (name: string) => Promise<Record<string, unknown>>;
    };
    await expect(x('node:fs')).rejects.toThrow(/no use for the module "node:fs"/);
    const view = await x('../../src/producer/index');
    expect(() => view['BufferPool']).toThrow(/"BufferPool" of src\/producer\/index is not for this exercise/);
  });

  it('refuses a symbolic link, of the file as of its folder', () => {
    const secret = fs.mkdtempSync(path.join(os.tmpdir(), 'secret-'));
    fs.writeFileSync(path.join(secret, 'double.ts'), 'export const double = 42;');
    fs.mkdirSync(path.join(folder, '99-double'));
    fs.symlinkSync(path.join(secret, 'double.ts'), path.join(folder, '99-double', 'double.ts'));
    fs.symlinkSync(secret, path.join(folder, '98-linked'));
    const loader = new AnswerLoader({ folder, values: [] });
    for (const name of ['99-double', '98-linked']) {
      expect(() => loader.load(path.join(folder, name, 'double.ts'))).toThrow(/symbolic link/);
    }
    fs.rmSync(secret, { recursive: true });
  });

  it('hides the require and the module of Node, and keeps the numbers of the lines', () => {
    const answer =
      load(`export const names = [typeof require, typeof (require as any).cache, typeof (module as any).constructor._load];
      export const fail = () => {
        throw new Error('here');
      };`) as { names: string[]; fail: () => void };
    expect(answer.names).toEqual(['function', 'undefined', 'undefined']);
    expect(answer.fail).toThrow('here');
  });
});

import fs from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { AnswerFailure } from '../../../src/course/grading/answer-failure';
import { AnswerUnderTest, nodeFlags } from '../../../src/course/grading/answer-under-test';

const PROBE = `
  export const call = (answer: { double(n: number): unknown }, n: number) => answer.double(n);
`;

let folder: string;
const started: AnswerUnderTest[] = [];

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'answers-'));
  fs.writeFileSync(path.join(folder, 'probe.ts'), PROBE);
});
afterEach(() => {
  for (const answer of started.splice(0)) answer.stop();
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** An answer with the given text, run with a time limit that is short so that hanging answers do not hold up the tests. */
function answer(text: string, timeLimitMs = 3_000): AnswerUnderTest {
  const answerFile = path.join(fs.mkdtempSync(path.join(folder, 'set-')), '99-double', 'double.ts');
  fs.mkdirSync(path.dirname(answerFile));
  fs.writeFileSync(answerFile, text);
  const probeFile = path.join(folder, 'probe.ts');
  const imports = { folder: path.dirname(path.dirname(answerFile)), values: [] };
  const under = new AnswerUnderTest({ probeFile, answerFile, exports: ['double'], imports, timeLimitMs });
  started.push(under);
  return under;
}

/** How a call of `double(21)` fails. */
async function failure(under: AnswerUnderTest): Promise<AnswerFailure> {
  const outcome = await under.run('call', 21).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(AnswerFailure);
  return outcome as AnswerFailure;
}

describe('AnswerUnderTest', () => {
  it('hands data in and out, bigint and bytes included', async () => {
    const under = answer(
      'export const double = (n: number) => ({ twice: BigInt(n) * 2n, bytes: Buffer.from([n]) });',
    );
    const { twice, bytes } = (await under.run('call', 21)) as { twice: bigint; bytes: Uint8Array };
    expect(twice).toBe(42n);
    expect([...bytes]).toEqual([21]);
  });

  it('tells a stub that nobody has touched from an error', async () => {
    const { status } = await failure(
      answer(`export function double() { throw new Error('not started yet'); }`),
    );
    expect(status).toBe('todo');
  });

  it('names the line of an error in the answer', async () => {
    const { status, message } = await failure(
      answer(`export function double(n: number) {\n  throw new RangeError('too large: ' + n);\n}`),
    );
    expect(status).toBe('error');
    expect(message).toContain('RangeError: too large: 21');
    expect(message).toContain('99-double/double.ts:2');
  });

  it('says so when the file does not compile', async () => {
    const { status, message } = await failure(answer('export const double = (n: number) => {'));
    expect(status).toBe('error');
    expect(message).toMatch(/^While loading the file: SyntaxError: Expected '}'/);
    expect(message).toContain('double.ts:1:1');
  });

  it('says which export is missing', async () => {
    const { message } = await failure(answer('export const duoble = (n: number) => n * 2;'));
    expect(message).toContain('does not export "double"');
  });

  it('ends an endless loop in a call, and fails what comes after it at once with the same cause', async () => {
    const under = answer('export function double() { for (;;); }', 500);
    const first = await failure(under);
    expect(first).toMatchObject({
      status: 'timeout',
      message: expect.stringContaining('loop for ever') as string,
    });
    expect(await failure(under)).toBe(first);
  });

  it('ends an endless loop at import', async () => {
    const { status, message } = await failure(answer('while (true);\nexport const double = 1;', 2_000));
    expect(status).toBe('timeout');
    expect(message).toMatch(/While loading the file, .*loop for ever/);
  });

  it('tells a promise that never settles from a loop', async () => {
    const { status, message } = await failure(
      answer('export const double = () => new Promise(() => {});', 500),
    );
    expect(status).toBe('timeout');
    expect(message).toContain('did not settle');
  });

  it('names process.exit, in a call and at import', async () => {
    expect((await failure(answer('export const double = () => process.exit(0);'))).message).toContain(
      'process.exit(0)',
    );
    const atImport = await failure(answer('process.exit(7);\nexport const double = 1;'));
    expect(atImport.message).toMatch(/While loading the file, .*process\.exit\(7\)/);
  });

  it('names a thrown string for what it is', async () => {
    const { message } = await failure(answer(`export function double() { throw 'nope'; }`));
    expect(message).toContain('threw the string "nope"');
  });

  it('hears of an error that nobody caught', async () => {
    const text = `export const double = () => new Promise(() => setTimeout(() => { throw new Error('late'); }));`;
    const { message } = await failure(answer(text));
    expect(message).toMatch(/nothing caught this error.*late/);
  });

  it.each([
    ['Math.random', 'Math.random = () => 0;'],
    ['Promise', 'globalThis.Promise = class extends Promise<unknown> {} as never;'],
    ['Array.prototype.push', 'Array.prototype.push = () => 0;'],
  ])('accepts nothing beside a replaced %s', async (name, text) => {
    const { status, message } = await failure(answer(`${text}\nexport const double = (n: number) => n * 2;`));
    expect(status).toBe('error');
    expect(message).toContain(name);
  });

  it('does not let an answer write a file, and says so', async () => {
    const file = path.join(folder, 'written.json');
    const text = `export const double = () => process.report.writeReport(${JSON.stringify(file)});`;
    const { message } = await failure(answer(text));
    expect(message).toContain('tried to write a file or to start a process');
    expect(fs.existsSync(file)).toBe(false);
  });

  it('ends an answer that takes all memory', async () => {
    const text = `export const double = () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };`;
    const { status, message } = await failure(answer(text, 30_000));
    expect(status).toBe('error');
    expect(message).toMatch(/memory/);
  });

  it('ends an answer that takes all memory outside the heap', async () => {
    const text = `export const double = async () => {
      const all = [];
      for (;;) { all.push(Buffer.alloc(5e7, 1)); await new Promise((resolve) => setTimeout(resolve, 5)); }
    };`;
    const { message } = await failure(answer(text, 30_000));
    expect(message).toMatch(/MB of memory/);
  });

  it('ends an answer that takes all memory outside the heap and lets no timer run', async () => {
    const text = `export const double = () => { const all = []; for (;;) all.push(Buffer.alloc(5e7, 1)); };`;
    const { message } = await failure(answer(text, 30_000));
    expect(message).toMatch(/MB of memory/);
  });

  it('lets an answer talk to a broker, which Node 25 and newer forbid without a flag', async () => {
    const server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      // An answer may not import node:net; fetch() goes through the same permission.
      const text = `export const double = async () => (await fetch('http://127.0.0.1:${port}')).text();`;
      expect(await answer(text).run('call', 21)).toBe('hello');
    } finally {
      server.close();
    }
  });

  it('asks for the network only where Node knows the flag: an unknown one ends Node', () => {
    expect(nodeFlags(new Set())).not.toContain('--allow-net');
    expect(nodeFlags(new Set(['--allow-net']))).toContain('--allow-net');
  });

  it('keeps a little of what is printed and is not drowned by a million lines', async () => {
    const text = `export const double = (n: number) => {
      for (let i = 0; i < 1e6; i++) console.log('line', i);
      return n * 2;
    };`;
    const under = answer(text, 30_000);
    expect(await under.run('call', 21)).toBe(42);
    expect(under.output.length).toBeLessThanOrEqual(4096);
    expect(under.output).toContain('line 0');
  });
});

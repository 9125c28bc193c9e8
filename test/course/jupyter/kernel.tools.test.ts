import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { labEnvironment } from '../../../src/course/jupyter/lab-environment';
import { coursePath, projectRoot } from '../../../src/support/project-paths';
import { ensurePythonEnv } from '../../../src/support/python-env';
import { runCommand } from '../../../src/support/run-command';

interface Output {
  readonly name?: string;
  readonly text?: string | string[];
}

interface Run {
  readonly exitCode: number | null;
  /** What went wrong, as `npm run notebooks` says it. */
  readonly wrong: readonly string[];
  /** What each cell printed. */
  readonly printed: readonly string[];
}

const SCRIPT = path.join(projectRoot, 'jupyter', 'run_notebooks.py');
let folder: string;
let python: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kernel-'));
  python = await ensurePythonEnv({ requirements: 'requirements/lab.txt' });
}, 600_000);
afterAll(() => fs.rmSync(folder, { recursive: true }));

function writeNotebook(name: string, sources: readonly string[]): string {
  const cells = sources.map((source, at) => ({
    cell_type: 'code',
    execution_count: null,
    id: `cell-${at}`,
    metadata: {},
    outputs: [],
    source,
  }));
  const file = path.join(folder, `${name}.ipynb`);
  fs.writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

/** Runs notebooks, the cells of each in a kernel of its own, as `npm run notebooks` does. */
async function runAll(
  notebooks: Readonly<Record<string, readonly string[]>>,
  secondsPerCell = 60,
): Promise<Record<string, Run>> {
  const names = Object.keys(notebooks);
  const executed = path.join(folder, 'executed');
  const files = names.map((name) => writeNotebook(name, notebooks[name]!));
  const args = [SCRIPT, String(secondsPerCell), executed, ...files];
  const { exitCode, stdout, stderr } = await runCommand(python, args, { env: labEnvironment(), cwd: folder });
  const ends = stdout.split('\n').filter((line) => line.includes('"end"'));
  if (ends.length < names.length) throw new Error(`The run did not report its end: ${stdout}${stderr}`);
  const textOf = ({ text }: Output) => (Array.isArray(text) ? text.join('') : (text ?? ''));
  const runs = names.map((name, at) => {
    const { wrong } = JSON.parse(ends[at]!) as { wrong: string[] };
    const notebook = JSON.parse(fs.readFileSync(path.join(executed, `${name}.ipynb`), 'utf8')) as {
      cells: { outputs: Output[] }[];
    };
    const printed = notebook.cells.map(({ outputs }) => outputs.map(textOf).join(''));
    return [name, { exitCode, wrong, printed }] as const;
  });
  return Object.fromEntries(runs);
}

async function run(name: string, sources: readonly string[], secondsPerCell?: number): Promise<Run> {
  return (await runAll({ [name]: sources }, secondsPerCell))[name]!;
}

test('the kernel runs in the project’s root on a new Node, and 20,000 lines printed at once arrive whole', async () => {
  const { exitCode, wrong, printed } = await run('burst', [
    'console.log(process.cwd(), Number(process.versions.node.split(".")[0]) >= 22)',
    'for (let line = 0; line < 20_000; line++) console.log("line " + line)',
    'console.log("after")',
  ]);
  expect(wrong).toEqual([]);
  expect(exitCode).toBe(0);
  expect(printed[0]).toBe(`${projectRoot} true\n`);
  expect(printed[1]).toBe(Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(''));
  expect(printed[2]).toBe('after\n');
});

test('a notebook fails, and says why, for whatever goes wrong in it; the next ones run all the same', async () => {
  const runs = await runAll({
    throws: ['throw new Error("boo")'],
    'does-not-compile': ['const a: number = "x"'],
    rejects: ['1', 'await Promise.reject(new Error("boo"))'],
    'leaves-a-rejection-unseen': ['Promise.reject(new Error("boo"))', '1'],
    'throws-after-its-cell': [
      'setTimeout(() => { throw new Error("late") }, 1)',
      'await new Promise((done) => setTimeout(done, 100))',
    ],
    'ends-the-kernel': ['process.exit(0)'],
    'is-fine': ['console.log("fine")'],
  });
  const why = Object.fromEntries(Object.entries(runs).map(([name, { wrong }]) => [name, wrong]));
  expect(why).toEqual({
    throws: [expect.stringMatching(/cell 1 failed: throw new Error\("boo"\)\n[^]*Error: boo/)],
    'does-not-compile': [expect.stringMatching(/cell 1 failed[^]*Type 'string' is not assignable/)],
    rejects: [expect.stringMatching(/cell 2 failed[^]*Error: boo/)],
    'leaves-a-rejection-unseen': [expect.stringMatching(/error that nobody handled: Error: boo/)],
    'throws-after-its-cell': [expect.stringMatching(/error that nobody handled: Error: late/)],
    'ends-the-kernel': [expect.stringMatching(/the kernel died in cell 1: process\.exit\(0\)/)],
    'is-fine': [],
  });
  expect(runs['is-fine']).toMatchObject({ exitCode: 1, printed: ['fine\n'] });
}, 120_000);

test('a cell that loops for ever costs its time limit and leaves no process', async () => {
  const { wrong } = await run('loop', ['console.log("pid " + process.pid)', 'await 0; while (true) {}'], 5);
  expect(wrong).toEqual([expect.stringMatching(/cell 2 did not end within 5 s/)]);
});

test('a kernel in an endless loop ends with the process that started it, however that ends', async () => {
  // Stands for Jupyter: starts a kernel and is then killed outright.
  const connection = path.join(folder, 'connection.json');
  const ports = { shell_port: 0, iopub_port: 0, stdin_port: 0, control_port: 0, hb_port: 0 };
  fs.writeFileSync(connection, JSON.stringify({ ...ports, ip: '127.0.0.1', transport: 'tcp', key: 'k' }));
  const launcher = path.join(projectRoot, 'jupyter', 'kernels', 'tslab', 'launch.cjs');
  const loop = path.join(folder, 'loop.cjs');
  fs.writeFileSync(loop, 'setTimeout(() => { process.send?.("looping"); for (;;) {} }, 2000);');
  const starter = `
    const { spawn } = require('node:child_process');
    const kernel = spawn(process.execPath, ['--require', ${JSON.stringify(loop)}, ${JSON.stringify(launcher)},
      'kernel', '--config-path', ${JSON.stringify(connection)}], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    kernel.on('message', () => console.log(kernel.pid));
  `;
  const { JPY_PARENT_PID: _none, ...env } = labEnvironment();
  const parent = spawn(process.execPath, ['-e', starter], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const kernelPid = Number(line.toString());
  parent.kill('SIGKILL');
  await waitUntilGone(kernelPid);
});

test('nothing is written outside the project: every folder of Jupyter’s is below .course', () => {
  const env = labEnvironment({
    PATH: '/bin',
    JUPYTER_CONFIG_DIR: '/home/someone/.jupyter',
    HOME: '/home/someone',
  });
  const folders = Object.entries(env).filter(([name]) => /^(JUPYTER.*_DIR|IPYTHONDIR)$/.test(name));
  expect(folders.length).toBeGreaterThan(4);
  for (const [name, value] of folders) expect(`${name}=${value}`).toContain(coursePath('jupyter'));
});

/** Fails by the test's own time limit when the process stays. */
async function waitUntilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

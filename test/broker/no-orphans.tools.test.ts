import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { provisionEmbeddedKafka } from '../../src/broker/embedded/provision';
import { sweepRunFolders } from '../../src/broker/embedded/run-folder';
import { isProcessAlive } from '../../src/support/lock-file';
import { coursePath, projectRoot } from '../../src/support/project-paths';
import { until } from './shared-broker-tests';

const LOADER = join(projectRoot, 'src', 'support', 'typescript-loader.cjs');
const HOLD_BROKER = join(__dirname, 'support', 'hold-broker.ts');
const PROMISED_MS = 5000;
const runFolder = coursePath('kafka', 'run');

beforeAll(() => provisionEmbeddedKafka(), 300_000);

function holdBroker(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--require', LOADER, HOLD_BROKER, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function firstLine(holder: ChildProcess): Promise<string> {
  if (!holder.stdout) throw new Error('no stdout');
  const [line] = (await once(createInterface({ input: holder.stdout }), 'line')) as [string];
  return line;
}

async function started(...args: string[]): Promise<{ holder: ChildProcess; pids: number[] }> {
  const holder = holdBroker(...args);
  const { pids } = JSON.parse(await firstLine(holder)) as { pids: number[] };
  return { holder, pids };
}

function foldersOf(holder: ChildProcess): string[] {
  return existsSync(runFolder)
    ? readdirSync(runFolder).filter((name) => name.startsWith(`${holder.pid}-`))
    : [];
}

/** Nothing left: no JVM, and no data folder. */
async function expectGone(holder: ChildProcess, pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(isProcessAlive) && foldersOf(holder).length === 0, PROMISED_MS);
}

describe('the JVMs of a broker end with the process that started them', () => {
  it.each<[NodeJS.Signals, '1' | '3']>([
    ['SIGKILL', '1'],
    ['SIGKILL', '3'],
    ['SIGTERM', '1'],
    ['SIGINT', '1'],
    ['SIGHUP', '1'],
  ])(
    'on %s, %s broker(s)',
    async (signal, brokers) => {
      const { holder, pids } = await started('hold', brokers);
      expect(pids.filter(isProcessAlive)).toHaveLength(brokers === '1' ? 1 : 4);
      holder.kill(signal);
      await expectGone(holder, pids);
    },
    180_000,
  );

  it.each(['throw', 'forget'])('on its end (%s)', async (mode) => {
    const { holder, pids } = await started(mode);
    if (holder.exitCode === null) await once(holder, 'exit');
    await expectGone(holder, pids);
  });

  it('on SIGKILL before the broker was ready', async () => {
    const holder = holdBroker('hold');
    await until(() => foldersOf(holder).some((name) => existsSync(join(runFolder, name, 'jvm-1.pid'))));
    const [name = ''] = foldersOf(holder);
    const pid = Number(readFileSync(join(runFolder, name, 'jvm-1.pid'), 'utf8'));
    holder.kill('SIGKILL');
    await expectGone(holder, [pid]);
  });
});

it('a folder of a dead owner is removed by the next start, one of a living owner is not', async () => {
  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(dead, 'exit');
  const stale = join(runFolder, `${dead.pid}-stale`);
  const alive = join(runFolder, `${process.pid}-alive`);
  for (const folder of [stale, alive]) {
    mkdirSync(folder, { recursive: true });
    // A process id that has been used again for something else must not be killed.
    writeFileSync(join(folder, 'jvm-1.pid'), String(process.pid));
  }
  sweepRunFolders();
  expect([existsSync(stale), existsSync(alive)]).toEqual([false, true]);
  rmSync(alive, { recursive: true });
});

describe('npm run kafka', () => {
  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
    'prints its address, and ends cleanly on %s',
    async (signal) => {
      const holder = holdBroker('command');
      expect(await firstLine(holder)).toMatch(/^bootstrap\.servers=127\.0\.0\.1:\d+$/);
      const exited = once(holder, 'exit');
      holder.kill(signal);
      expect(await exited).toEqual([0, null]);
      expect(foldersOf(holder)).toEqual([]);
    },
  );
});

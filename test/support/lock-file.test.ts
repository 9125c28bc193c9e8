import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLockFile } from '../../src/support/lock-file';

const folder = mkdtempSync(join(tmpdir(), 'course-lock-'));
const file = join(folder, 'locks', 'work.lock');

afterAll(() => rmSync(folder, { recursive: true }));

describe('withLockFile', () => {
  it('lets one work at a time, and leaves no file behind', async () => {
    let working = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++working);
      await new Promise(setImmediate);
      working--;
    };
    await Promise.all([1, 2, 3].map(() => withLockFile(file, work)));
    expect(most).toBe(1);
    expect(readdirSync(join(folder, 'locks'))).toEqual([]);
  });

  it('gives the lock back when the work fails', async () => {
    await expect(withLockFile(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(file)).toBe(false);
  });

  it('takes over the lock of a dead owner', async () => {
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(dead, 'exit');
    writeFileSync(file, `${dead.pid} 1`);
    expect(await withLockFile(file, () => Promise.resolve('done'))).toBe('done');
  });

  it('waits for a living owner, and says once for whom', async () => {
    writeFileSync(file, `${process.ppid} 1`);
    const owners: number[] = [];
    const waiting = withLockFile(
      file,
      () => Promise.resolve('done'),
      (pid) => {
        owners.push(pid);
        rmSync(file);
      },
    );
    expect(await waiting).toBe('done');
    expect(owners).toEqual([process.ppid]);
  });
});

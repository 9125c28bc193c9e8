import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOfProcess, withLockFile } from '../../src/support/lock-file';

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

  it('takes over the lock of a dead owner whose process id another process has by now', async () => {
    writeFileSync(file, `${process.ppid} 1 not-when-that-one-started`);
    expect(await withLockFile(file, () => Promise.resolve('done'))).toBe('done');
  });

  it('writes its owner with the time at which that process started', async () => {
    const text = await withLockFile(file, () => Promise.resolve(readFileSync(file, 'utf8')));
    expect(text.split(' ')[2]).toBe(startOfProcess(process.pid));
    expect(startOfProcess(process.pid)).not.toBe('');
  });

  it('goes on when the lock is released between two looks', async () => {
    writeFileSync(file, `${process.ppid} 1`);
    const { readFileSync: read } = fs;
    let looks = 0;
    const spy = jest.spyOn(fs, 'readFileSync').mockImplementation(((name: string, options: 'utf8') => {
      if (name === file && looks++ === 0) rmSync(file); // the owner is done just now
      return read(name, options);
    }) as typeof fs.readFileSync);
    try {
      expect(await withLockFile(file, () => Promise.resolve('done'))).toBe('done');
      expect(looks).toBeGreaterThan(0);
    } finally {
      spy.mockRestore();
    }
  });

  it('works where the file system has no hard links', async () => {
    const spy = jest.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
    });
    try {
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
    } finally {
      spy.mockRestore();
    }
  });

  it('takes over a lock that has stood empty for seconds, as a crash without hard links leaves it', async () => {
    writeFileSync(file, '');
    const before = (Date.now() - 60_000) / 1000;
    utimesSync(file, before, before);
    expect(await withLockFile(file, () => Promise.resolve('done'))).toBe('done');
  });
});

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyFileSync } from 'node:fs';
import { projectRoot } from '../../src/support/project-paths';

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'course-bin-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A checkout that has nothing but what runs before anything is installed. */
function bareCheckout(): string {
  for (const file of [
    'bin/course.cjs',
    'src/support/process-lock.cjs',
    'src/support/install-failure.cjs',
    'package.json',
    'package-lock.json',
  ]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    copyFileSync(path.join(projectRoot, file), path.join(folder, file));
  }
  return folder;
}

function course(root: string, env: NodeJS.ProcessEnv, ...nodeFlags: string[]): Promise<Ended> {
  const command = [...nodeFlags, path.join(root, 'bin', 'course.cjs'), 'list'];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env: { ...process.env, ...env } }, (error, _stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr });
    });
  });
}

/** A stand-in for npm, in plain JavaScript, that prints and ends as told. */
function npmThat(text: string, code = 1): string {
  const file = path.join(folder, 'npm-cli.js');
  const body = `console.error(${JSON.stringify(text)}); console.error(process.env.npm_config_cache); process.exit(${code});`;
  writeFileSync(file, body);
  return file;
}

describe('bin/course.cjs', () => {
  it('says on plain Windows what to do, in one sentence, and does nothing', async () => {
    const windows = path.join(folder, 'windows.cjs');
    writeFileSync(windows, `Object.defineProperty(process, 'platform', { value: 'win32' });`);
    const { code, stderr } = await course(projectRoot, {}, '--require', windows);
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(/^The course does not run on Windows itself: install WSL 2 .*\.$/);
    expect(stderr.trim()).not.toContain('\n');
    expect(stderr).toContain('wsl --install');
  });

  it.each([
    ['npm error code EAI_AGAIN', /network does not reach/],
    ['npm error code ENOSPC', /disk is full/],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['npm error code EACCES', /not writable/],
  ])('names the cause when npm ends with %s', async (text, words) => {
    const { code, stderr } = await course(bareCheckout(), { npm_execpath: npmThat(text) });
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(stderr).toContain(text); // as npm printed it, while it ran
  });

  it('gives npm a cache below .course where the home folder cannot be written', async () => {
    // A link to itself can be neither a folder nor made one, for root either.
    const loop = path.join(folder, 'loop');
    symlinkSync(loop, loop);
    const env = { npm_execpath: npmThat('failed'), npm_config_cache: loop };
    const { stderr } = await course(bareCheckout(), env);
    expect(stderr).toContain(path.join('.course', 'npm-cache'));
  });

  it('goes on when another command releases the installation between two looks at its lock', async () => {
    const root = bareCheckout();
    const lock = path.join(root, '.course', 'locks', 'install.lock');
    mkdirSync(path.dirname(lock), { recursive: true });
    writeFileSync(lock, `${process.pid} 1`);
    // The owner is done just before its name is read.
    const released = path.join(folder, 'released.cjs');
    writeFileSync(
      released,
      `const fs = require('fs'); const { readFileSync } = fs;
       fs.readFileSync = (file, ...rest) => {
         if (file === ${JSON.stringify(lock)}) { fs.readFileSync = readFileSync; fs.rmSync(file); }
         return readFileSync(file, ...rest);
       };`,
    );
    const { stderr } = await course(root, { npm_execpath: npmThat('npm was called') }, '--require', released);
    expect(stderr).toContain('npm was called');
    expect(stderr).not.toContain('ENOENT');
  });
});

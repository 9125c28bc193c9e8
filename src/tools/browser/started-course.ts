import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CourseError } from '../../support/course-error';
import { projectRoot } from '../../support/project-paths';

/** The first start installs a Python environment. */
const STARTS_WITHIN_MS = 10 * 60_000;

export interface StartedCourse {
  readonly url: string;
  /** What it has written to stderr so far. */
  stderr(): string;
  /** Ctrl-C, as a person would press it; resolves when the last process that could still print has ended. */
  stop(): Promise<void>;
}

/** Runs `npm start -- --no-browser` as a person would, and resolves with the URL that it prints. */
export async function startCourse(): Promise<StartedCourse> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const child = spawn(npm, ['start', '--silent', '--', '--no-browser'], {
    cwd: projectRoot,
    detached: true, // a group of its own, which Ctrl-C is then sent to
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = Promise.race([once(child, 'close'), once(child, 'error')]).then(() => {});
  const url = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout += `${line}\n`;
      const printed = /JupyterLab: (http\S+)/.exec(line)?.[1];
      if (printed !== undefined) resolve(printed);
    });
  });
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await ended;
  };
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => (timer = setTimeout(resolve, STARTS_WITHIN_MS, null)));
  const first = await Promise.race([url, ended.then(() => null), tooLate]);
  clearTimeout(timer);
  if (first !== null) return { url: first, stderr: () => stderr, stop };
  await stop();
  const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-1)[0] ?? '';
  throw new CourseError(`npm start printed no URL; the last it said was: ${last}`, 'PREREQUISITE', {
    cause: new Error(stdout + stderr),
  });
}

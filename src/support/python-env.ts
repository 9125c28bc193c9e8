import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CourseError } from './course-error';
import { describeInstallFailure } from './install-failure.cjs';
import { withLockFile } from './lock-file';
import { checkProjectFolder } from './project-folder';
import { coursePath, projectRoot } from './project-paths';
import { lastLines, runCommand } from './run-command';

export interface PythonEnvOptions {
  /** A hash-locked requirements file, from the project's root: several of them can share the environment. */
  requirements: string;
  /** A folder of `.course` for an environment apart from the shared one, where their versions would get in each other's way. */
  folder?: string;
  onProgress?: (line: string) => void;
}

interface Python {
  command: string;
  args: string[];
}

/** The environment that is shared. */
const SHARED = 'venv';
const WINDOWS = process.platform === 'win32';
/** Written into an environment when it is whole; without it the folder is a half-made one and is made again. */
const WHOLE = '.whole';
/** The newest that wheels are sure to exist for comes first; `py` is the launcher on Windows. */
const CANDIDATES: Python[] = [
  ...['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python'].map(
    (command) => ({ command, args: [] }),
  ),
  { command: 'py', args: ['-3'] },
];

/**
 * Makes sure that a Python environment of the course (`.course/venv`) has what a requirements file locks, and returns the
 * path of its Python. The second call reads two files and nothing else. An interrupted set-up is completed.
 *
 * @throws CourseError `PREREQUISITE` when no Python ≥ 3.10 with venv is to be had, or the packages cannot be installed.
 */
export async function ensurePythonEnv({
  requirements,
  folder = SHARED,
  onProgress,
}: PythonEnvOptions): Promise<string> {
  const venv = coursePath(folder);
  const python = pythonOf(venv);
  const file = resolve(projectRoot, requirements);
  const stamp = join(venv, `.installed-${basename(requirements, '.txt')}`);
  const wanted = createHash('sha256').update(readFileSync(file)).digest('hex');
  checkProjectFolder();
  const isWhole = () => existsSync(join(venv, WHOLE)) && existsSync(python);
  const isInstalled = () => isWhole() && readText(stamp) === wanted;
  if (isInstalled()) return python;
  const onWait = (pid: number) =>
    onProgress?.(`Another command (process ${pid}) is setting up Python: waiting for it.`);
  await withLockFile(
    coursePath('locks', 'python-env.lock'),
    async () => {
      if (isInstalled()) return;
      if (!isWhole()) await createVenv(venv, onProgress);
      await install(python, file, onProgress);
      writeFileSync(stamp, wanted);
    },
    onWait,
  );
  return python;
}

function pythonOf(venv: string): string {
  return WINDOWS ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * What the user set for other Pythons must not reach into this one. It prints UTF-8 in any locale (on Windows it would use
 * the code page, in which not every path can be written).
 */
export function pythonEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { PYTHONHOME: _home, PYTHONPATH: _path, PIP_USER: _user, PIP_TARGET: _target, ...env } = base;
  return { ...env, PYTHONUTF8: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
}

async function createVenv(venv: string, onProgress?: (line: string) => void): Promise<void> {
  const { command, args } = await findPython();
  onProgress?.(`Making a Python environment in .course/${basename(venv)} ...`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(coursePath(), { recursive: true });
  const made = await runCommand(command, [...args, '-m', 'venv', venv], { env: pythonEnvironment() });
  if (made.exitCode !== 0) {
    const text = made.stdout + made.stderr;
    const what = `The Python environment .course/${basename(venv)}`;
    const platform = `${process.platform}-${process.arch}`;
    const { sentence } = describeInstallFailure({ what, tool: `${command} -m venv`, text, platform });
    throw new CourseError(sentence, 'PREREQUISITE', { cause: new Error(lastLines(text)) });
  }
  writeFileSync(join(venv, WHOLE), '');
}

async function findPython(): Promise<Python> {
  const probe = 'import sys; print(*sys.version_info[:2]); import venv, ensurepip';
  let newest: { command: string; version: string; tooOld: boolean } | undefined;
  for (const python of CANDIDATES) {
    const args = [...python.args, '-c', probe];
    const { exitCode, stdout } = await runCommand(python.command, args, { env: pythonEnvironment() });
    const version = /^(\d+) (\d+)/.exec(stdout);
    if (!version) continue;
    const tooOld = Number(version[1]) < 3 || (Number(version[1]) === 3 && Number(version[2]) < 10);
    if (exitCode === 0 && !tooOld) return python;
    newest ??= { command: python.command, version: `${version[1]}.${version[2]}`, tooOld };
  }
  throw new CourseError(missingPython(newest), 'PREREQUISITE');
}

function missingPython(found?: { command: string; version: string; tooOld: boolean }): string {
  if (!found)
    return 'Python was not found: install Python 3.10 or newer (with venv), then run the command again.';
  return found.tooOld
    ? `${found.command} is Python ${found.version}: install Python 3.10 or newer (with venv), then run the command again.`
    : `Python ${found.version} has no venv: install it (on Debian and Ubuntu: apt install python${found.version}-venv), then run the command again.`;
}

async function install(python: string, file: string, onProgress?: (line: string) => void): Promise<void> {
  onProgress?.(`Installing the Python packages of ${basename(file)} ...`);
  // With retries pip says what kept it from the index; without, only that it found nothing there.
  const how = ['--quiet', '--retries', '2', '--require-hashes', '--only-binary=:all:'];
  const args = ['-m', 'pip', 'install', ...how, '-r', file];
  const result = await runCommand(python, args, { env: pythonEnvironment() });
  if (result.exitCode === 0) return;
  const text = result.stdout + result.stderr;
  const failure = { what: `The Python packages of ${basename(file)}`, tool: 'pip', text };
  const { sentence } = describeInstallFailure({ ...failure, platform: await platformOf(python) });
  throw new CourseError(sentence, 'PREREQUISITE', { cause: new Error(lastLines(text)) });
}

/** What a wheel has to fit, in words. */
async function platformOf(python: string): Promise<string> {
  const code =
    "import sys, sysconfig; print('Python %d.%d on' % sys.version_info[:2], sysconfig.get_platform())";
  const { stdout } = await runCommand(python, ['-c', code], { env: pythonEnvironment() });
  return stdout.trim();
}

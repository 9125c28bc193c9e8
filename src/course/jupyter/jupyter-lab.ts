import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CourseError } from '../../support/course-error';
import { choosePort } from './choose-port';
import { labEnvironment, labFolders } from './lab-environment';

/** JupyterLab's own default; the next free one is taken when another Jupyter has it. */
const FIRST_PORT = 8888;
const READY_WITHIN_MS = 60_000;
const POLL_MS = 100;
/** How long JupyterLab may take to end its kernels when asked to; then it is ended, and the kernels end themselves. */
const GRACE_MS = 3000;
const FIRST_NOTEBOOKS = ['00-start-here.ipynb', '03-partitioning.ipynb'];

export interface JupyterLabOptions {
  readonly projectRoot: string;
  /** The Python of an environment that requirements/lab.txt was installed into. */
  readonly python: string;
  /** Exactly this port, or an error. Without it the first free one from 8888 on. */
  readonly port?: number;
  /** Added to the environment of JupyterLab and its kernels. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface JupyterLab {
  /** Opens the first notebook; carries the token. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Resolves once JupyterLab has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Ends JupyterLab and its kernels, and resolves when they are gone. */
  stop(): Promise<void>;
}

/** Starts JupyterLab on 127.0.0.1 and resolves when it answers. It ends with this process, however that ends. */
export async function startJupyterLab(options: JupyterLabOptions): Promise<JupyterLab> {
  const { projectRoot } = options;
  const folders = labFolders(projectRoot);
  for (const folder of Object.values(folders) as string[]) fs.mkdirSync(folder, { recursive: true });
  const port = await choosePort(options.port, FIRST_PORT);
  const token = randomBytes(24).toString('hex');
  // A file that only its owner can read: a command line can be seen by everyone on the machine.
  const tokenFile = path.join(folders.state, 'token');
  fs.rmSync(tokenFile, { force: true });
  fs.writeFileSync(tokenFile, token, { mode: 0o600 });
  const logFile = path.join(folders.state, 'jupyter.log');

  const server = spawnGuarded(options, { port, tokenFile, logFile });
  const exited = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  }).then(() => fs.rmSync(tokenFile, { force: true }));
  const stop = async () => {
    server.stdin?.end();
    await exited;
  };
  try {
    await waitUntilReady(server, port, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  const notebook = FIRST_NOTEBOOKS.find((name) => fs.existsSync(path.join(projectRoot, 'notebooks', name)));
  const page = notebook === undefined ? '/lab' : `/lab/tree/notebooks/${notebook}`;
  return { url: `http://127.0.0.1:${port}${page}?token=${token}`, port, token, exited, stop };
}

interface ServerFiles {
  readonly port: number;
  readonly tokenFile: string;
  readonly logFile: string;
}

function spawnGuarded(options: JupyterLabOptions, { port, tokenFile, logFile }: ServerFiles): ChildProcess {
  const { projectRoot, python } = options;
  const guard = path.join(projectRoot, 'src', 'support', 'guard.cjs');
  const lab = ['-m', 'jupyter', 'lab', '--no-browser', `--ServerApp.port=${port}`];
  const root = `--ServerApp.root_dir=${projectRoot}`;
  const log = fs.openSync(logFile, 'w', 0o600);
  try {
    return spawn(process.execPath, [guard, String(GRACE_MS), python, ...lab, root], {
      cwd: projectRoot,
      // A group of its own: Ctrl-C in the terminal is for this process, which then ends the others in order.
      detached: process.platform !== 'win32',
      stdio: ['pipe', log, log],
      env: { ...labEnvironment(projectRoot), JUPYTER_TOKEN_FILE: tokenFile, ...options.environment },
    });
  } finally {
    fs.closeSync(log);
  }
}

async function waitUntilReady(server: ChildProcess, port: number, logFile: string): Promise<void> {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadlineMs) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new CourseError(`JupyterLab ended before it was ready. ${lastWords(logFile)}`, 'PREREQUISITE');
    }
    if (await answers(port)) return;
    await delay(POLL_MS);
  }
  throw new CourseError(
    `JupyterLab did not answer on port ${port} within ${READY_WITHIN_MS / 1000} s. ${lastWords(logFile)}`,
    'PREREQUISITE',
  );
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api`);
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

function lastWords(logFile: string): string {
  const lines = fs.readFileSync(logFile, 'utf8').trim().split('\n');
  return `Its last words: ${lines.slice(-3).join(' / ')} (all of them: ${logFile})`;
}

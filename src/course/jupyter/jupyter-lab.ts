import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CourseError } from '../../support/course-error';
import { coursePath, projectRoot } from '../../support/project-paths';
import { requestLocally } from '../../support/local-http';
import { choosePort } from './choose-port';
import { startGuarded, type GuardedProcess } from './guarded-process';
import { labEnvironment, labFolders } from './lab-environment';

/** JupyterLab's own default; the next free one is taken when another Jupyter has it. */
const FIRST_PORT = 8888;
const READY_WITHIN_MS = 60_000;
const POLL_MS = 100;
/** JupyterLab asks its kernels to end and waits for them; a kernel that JupyterLab leaves behind ends by itself. */
const GRACE_MS = 2000;
const FIRST_NOTEBOOKS = ['00-start-here.ipynb', '03-partitioning.ipynb'];

const LOG_FILE = coursePath('jupyter', 'jupyter.log');
const TOKEN_FILE = coursePath('jupyter', 'token');

export interface JupyterLabOptions {
  /** The Python of an environment that has what requirements/lab.txt locks. */
  readonly python: string;
  /** Exactly this port, or an error. Without it the first free one from 8888 on. */
  readonly port?: number;
}

export interface JupyterLab {
  /** Opens the first notebook; carries the token. */
  readonly url: string;
  readonly port: number;
  /** Resolves once JupyterLab has ended, for whatever reason. */
  readonly exited: Promise<unknown>;
  /** Ends JupyterLab and its kernels, and resolves when they are gone. */
  stop(): Promise<void>;
}

/** Starts JupyterLab on 127.0.0.1 and resolves when it answers. It ends with this process, however that ends. */
export async function startJupyterLab({ python, port: wantedPort }: JupyterLabOptions): Promise<JupyterLab> {
  for (const folder of Object.values(labFolders)) fs.mkdirSync(folder, { recursive: true });
  // JupyterLab puts the token into a page there that everyone could read.
  fs.chmodSync(labFolders.runtime, 0o700);
  const port = await choosePort(wantedPort, FIRST_PORT);
  const token = randomBytes(24).toString('hex');
  // A file that only its owner can read: a command line can be seen by everyone on the machine.
  fs.rmSync(TOKEN_FILE, { force: true });
  fs.writeFileSync(TOKEN_FILE, token, { mode: 0o600 });
  const server = spawnServer(python, port);
  try {
    await waitUntilReady(server, port);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    fs.rmSync(TOKEN_FILE, { force: true });
  }
  const notebook = FIRST_NOTEBOOKS.find((name) => fs.existsSync(path.join(projectRoot, 'notebooks', name)));
  const page = notebook === undefined ? '/lab' : `/lab/tree/notebooks/${notebook}`;
  const url = `http://127.0.0.1:${port}${page}?token=${token}`;
  return { url, port, exited: server.exited, stop: () => server.stop() };
}

function spawnServer(python: string, port: number): GuardedProcess {
  const log = fs.openSync(LOG_FILE, 'w', 0o600);
  const flags = ['--no-browser', `--ServerApp.port=${port}`, `--ServerApp.root_dir=${projectRoot}`];
  try {
    return startGuarded({
      command: python,
      args: ['-m', 'jupyter', 'lab', ...flags],
      env: { ...labEnvironment(), JUPYTER_TOKEN_FILE: TOKEN_FILE },
      output: log,
      graceMs: GRACE_MS,
    });
  } finally {
    fs.closeSync(log);
  }
}

async function waitUntilReady(server: GuardedProcess, port: number): Promise<void> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadlineMs) {
    if (ended) throw notReady('JupyterLab ended before it was ready');
    if (await isAnswering(port)) return;
    await delay(POLL_MS);
  }
  throw notReady(`JupyterLab did not answer on port ${port} within ${READY_WITHIN_MS / 1000} s`);
}

/** Whether a Jupyter server answers on this port of this machine. */
export async function isAnswering(port: number): Promise<boolean> {
  try {
    return (await requestLocally(`http://127.0.0.1:${port}/api`)).status === 200;
  } catch {
    return false;
  }
}

function notReady(what: string): CourseError {
  const lines = fs.readFileSync(LOG_FILE, 'utf8').trim().split('\n').slice(-20);
  const where = path.relative(projectRoot, LOG_FILE);
  return new CourseError(
    `${what}: ${lines[lines.length - 1] ?? ''} Read ${where}, then try again.`,
    'PREREQUISITE',
    {
      cause: new Error(lines.join('\n')),
    },
  );
}

import fs from 'node:fs';
import { isSameProcess, startOfProcess, withLockFile } from '../../support/lock-file';
import { coursePath } from '../../support/project-paths';
import { isAnswering } from './jupyter-lab';

const RUN_FILE = coursePath('run', 'lab.json');
const LOCK = coursePath('locks', 'lab-run-file.lock');

/** The `npm start` that runs in this project. */
export interface RunningLab {
  readonly pid: number;
  /** When that process started: another one may have its id by now. */
  readonly started?: string;
  /** null while it is still starting. */
  readonly url: string | null;
  readonly port: number | null;
}

/** Enters this process as the one `npm start` of the project, or returns the one that runs already. */
export function claimRunFile(): Promise<RunningLab | null> {
  return withLockFile(LOCK, async () => {
    const running = readRunFile();
    if (running !== null && (await isRunning(running))) return running;
    writeRunFile({ pid: process.pid, url: null, port: null });
    return null;
  });
}

/** Tells where the claimed JupyterLab is to be found. */
export function writeRunFile(running: RunningLab): void {
  fs.mkdirSync(coursePath('run'), { recursive: true });
  const draft = `${RUN_FILE}.${process.pid}`;
  // Readable by its owner only: the URL carries the token.
  const started = startOfProcess(running.pid);
  fs.writeFileSync(draft, JSON.stringify({ ...running, started }), { mode: 0o600 });
  fs.renameSync(draft, RUN_FILE);
}

export function releaseRunFile(): void {
  if (readRunFile()?.pid === process.pid) fs.rmSync(RUN_FILE, { force: true });
}

/** A process id alone proves little: after a restart of the machine another process may have it. */
async function isRunning({ pid, started, port }: RunningLab): Promise<boolean> {
  return isSameProcess(pid, started) && (port === null || (await isAnswering(port)));
}

function readRunFile(): RunningLab | null {
  try {
    return JSON.parse(fs.readFileSync(RUN_FILE, 'utf8')) as RunningLab;
  } catch {
    return null; // none, or cut short by a full disk: either way nothing that could be trusted
  }
}

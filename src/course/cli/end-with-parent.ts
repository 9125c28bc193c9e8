import { spawnSync } from 'node:child_process';
import { isProcessAlive } from '../../support/lock-file';

const CHECK_EVERY_MS = 500;

/** The parent of a process, or null where that cannot be told (Windows). */
function parentOf(pid: number): number | null {
  if (process.platform === 'win32') return null;
  const { stdout, status } = spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? Number(stdout.trim()) : null;
}

/**
 * Ends this process when npm, which started it, is gone: killed outright, npm passes nothing on, and a broker would live
 * for ever. npm may have put a shell in between, so the grandparent counts too. Started by hand (`nohup … &`), a command
 * may outlive its shell, so then nothing is watched.
 */
export function endWithParent(): void {
  const startedBy = process.env['COURSE_PARENT_PID'];
  if (startedBy === undefined && process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const grandparent = startedBy === undefined ? parentOf(parent) : null;
  const watched = grandparent !== null && grandparent > 1 ? [parent, grandparent] : [parent];
  const timer = setInterval(() => {
    if (process.ppid === parent && watched.every(isProcessAlive)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM'); // as a person would end it: brokers and notebooks get their orderly stop
  }, CHECK_EVERY_MS);
  timer.unref();
}

import * as lock from './process-lock.cjs';

/** True while a process with this id runs, whoever it belongs to. One that ended and that nobody waited for does not run. */
export function isProcessAlive(pid: number): boolean {
  return lock.isProcessAlive(pid);
}

/**
 * When a process started, in the system's own words: two processes that were given the same id, one after the other,
 * differ in it. Empty where the system does not tell.
 */
export function startOfProcess(pid: number): string {
  return lock.startOf(pid);
}

/** Whether the process with this id runs and is the one that started then; `started` as startOfProcess() told. */
export function isSameProcess(pid: number, started: string | undefined): boolean {
  return lock.isSameProcess(pid, started ?? '');
}

/**
 * Runs `work` while no other process runs work under the same lock file, and returns its result. Waits for a living
 * owner, telling `onWait` its process id once. The lock of a dead owner is taken over, also when another process has its
 * id by now. Works on file systems without hard links, too.
 */
export function withLockFile<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (ownerPid: number) => void = () => {},
): Promise<T> {
  return lock.withLockFile(file, work, onWait);
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive } from '../../support/lock-file';
import { coursePath } from '../../support/project-paths';

/** Where run folders lie, side by side. */
export const RUN_FOLDERS = coursePath('kafka', 'run');

/** A new folder for one broker or cluster. Its name begins with this process's id, by which a later sweep knows the owner. */
export function createRunFolder(): string {
  mkdirSync(RUN_FOLDERS, { recursive: true });
  return mkdtempSync(join(RUN_FOLDERS, `${process.pid}-`));
}

/** Removes what dead owners left: their folders, and any JVM of theirs whose guard was killed too. */
export function sweepRunFolders(): void {
  for (const name of entries(RUN_FOLDERS)) {
    const owner = Number(name.split('-')[0]);
    if (owner > 0 && isProcessAlive(owner)) continue;
    const folder = join(RUN_FOLDERS, name);
    for (const file of entries(folder)) {
      const pid = /^jvm-\d+\.pid$/.test(file) ? Number(readFileSync(join(folder, file), 'utf8')) : 0;
      if (pid > 0 && commandLine(pid).includes(folder)) process.kill(pid, 'SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not made yet, or its guard has just removed it
  }
}

/** Process ids are used again: only a command line that names the folder proves that a process belongs to it. */
function commandLine(pid: number): string {
  if (!isProcessAlive(pid)) return '';
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

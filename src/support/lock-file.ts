import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;

/** True while a process with this id runs, whoever it belongs to. One that ended and that nobody waited for does not run. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

/** In a container the first process may never wait for the orphans that it inherits. */
function isZombie(pid: number): boolean {
  try {
    // pid (name, which may hold anything) state …
    return /^.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // gone by now, or /proc is not to be read
  }
}

/**
 * Runs `work` while no other process runs work under the same lock file, and returns its result. Waits for a living
 * owner, telling `onWait` its process id once; the lock of a dead owner is taken over.
 */
export async function withLockFile<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (ownerPid: number) => void = () => {},
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; !tryCreate(file);) {
    const owner = readOwner(file);
    if (owner !== undefined && !isOwnerAlive(owner)) {
      takeAway(file, owner);
      continue;
    }
    const ownerPid = Number(owner?.split(' ')[0] ?? process.pid);
    if (!told && ownerPid !== process.pid) {
      told = true;
      onWait(ownerPid);
    }
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Two calls in one process exclude each other too, hence more than the process id. */
let callsSoFar = 0;

function tryCreate(file: string): boolean {
  const draft = `${file}.${process.pid}-${callsSoFar++}`;
  writeFileSync(draft, `${process.pid} ${callsSoFar}`);
  try {
    // A link appears with its content, so that no reader ever finds a lock without an owner.
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // given back in the meantime
  }
}

function isOwnerAlive(owner: string): boolean {
  const pid = Number(owner.split(' ')[0]);
  return Number.isInteger(pid) && pid > 0 && isProcessAlive(pid);
}

/** Moves a dead owner's lock aside. Should another process have renewed it since it was read, it is put back. */
function takeAway(file: string, deadOwner: string): void {
  const aside = `${file}.stale-${process.pid}-${callsSoFar++}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else was quicker
  }
  if (readOwner(aside) !== deadOwner) {
    try {
      linkSync(aside, file);
    } catch {
      // A third process holds it by now; both will notice nothing worse than working one after the other.
    }
  }
  rmSync(aside, { force: true });
}

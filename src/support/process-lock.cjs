'use strict';

// Locks that processes hold by files, shared by bin/course.cjs, which runs before anything is installed and on any Node
// (hence plain JavaScript without newer syntax), and by lock-file.ts, which gives it types.
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const POLL_MS = 100;
/** How long a lock may stand empty. A file system without hard links shows it for a moment before its owner is in it. */
const EMPTY_FOR_MS = 5000;
/** exFAT, some network drives and Android's shared storage have no hard links, each with an error of its own. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EACCES', 'UNKNOWN'];

function isProcessAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

/** In a container the first process may never wait for the orphans that it inherits. */
function isZombie(pid) {
  const stat = procStat(pid);
  return stat !== undefined && /^[ZX] /.test(stat);
}

/** What follows `pid (name) ` in /proc/pid/stat; the name may hold anything. undefined where it cannot be read. */
function procStat(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
  } catch {
    return undefined; // gone by now, or /proc is not readable
  }
}

/**
 * When a process started, in the system's own words: two processes that were given the same id, one after the other, differ
 * in it. Empty where it cannot be known.
 */
function startOf(pid) {
  try {
    if (process.platform === 'linux') return procStat(pid).split(' ')[19];
    if (process.platform === 'win32') return '';
    const env = Object.assign({}, process.env, { LC_ALL: 'C' });
    const options = { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options)
      .trim()
      .replace(/\s+/g, '_');
  } catch {
    return '';
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined; // released in the meantime
  }
}

/** Two calls in one process exclude each other too, hence more than the process id. */
let callsSoFar = 0;
let ownStart;

function ownerText() {
  if (ownStart === undefined) ownStart = startOf(process.pid);
  return `${process.pid} ${++callsSoFar} ${ownStart}`.trim();
}

/** Creates the file, whole, if there is none. */
function create(file, text) {
  const draft = `${file}.${process.pid}-${++callsSoFar}`;
  fs.writeFileSync(draft, text);
  try {
    // A link appears with its content, so that no reader ever finds a lock without an owner.
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    if (NO_LINKS.indexOf(error.code) < 0) throw error;
    return createWithoutLinks(file, text);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function createWithoutLinks(file, text) {
  try {
    fs.writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the lock has to be waited for: its owner lives, and is not another process that was given the same id later. */
function isHeld(file, owner) {
  if (owner === '') return !isOlderThan(file, EMPTY_FOR_MS);
  const [pid, , started] = owner.split(' ');
  return isSameProcess(Number(pid), started || '');
}

/** Whether the process runs and started then; one whose start is not known is taken for it. */
function isSameProcess(pid, started) {
  if (!(pid > 0) || !isProcessAlive(pid)) return false;
  const now = started === '' ? '' : startOf(pid);
  return now === '' || now === started;
}

function isOlderThan(file, ms) {
  try {
    return Date.now() - fs.statSync(file).mtimeMs > ms;
  } catch {
    return false;
  }
}

/** Moves a dead owner's lock aside. If another process has renewed it since it was read, it is put back. */
function takeAway(file, deadOwner) {
  const aside = `${file}.stale-${process.pid}-${++callsSoFar}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return; // another process was quicker
  }
  const moved = readText(aside);
  // Should a third process hold it by now, the worst that happens is that two work one after the other.
  if (moved !== deadOwner && moved !== undefined) create(file, moved);
  fs.rmSync(aside, { force: true });
}

async function withLockFile(file, work, onWait) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mine = ownerText();
  for (let told = false; !create(file, mine);) {
    const owner = readText(file);
    if (owner === undefined) continue; // released between the two looks
    if (!isHeld(file, owner)) {
      takeAway(file, owner);
      continue;
    }
    const pid = Number(owner.split(' ')[0] || process.pid);
    if (!told && pid !== process.pid) {
      told = true;
      if (onWait) onWait(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const release = () => {
    if (readText(file) === mine) fs.rmSync(file, { force: true });
  };
  // process.exit() in the middle of the work must not leave a lock to whoever gets this process id next.
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

exports.isProcessAlive = isProcessAlive;
exports.isSameProcess = isSameProcess;
exports.startOf = startOf;
exports.withLockFile = withLockFile;

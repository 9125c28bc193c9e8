'use strict';

// Stands between a process that wants brokers and their JVMs: however that process ends, this one's stdin closes, and
// then the JVMs are stopped and the folder they worked in is removed. It runs in a session of its own, so that Ctrl-C in
// the terminal reaches the owner only, which stops the brokers in its own order.
//
// node guard.cjs FOLDER · commands on stdin, one JSON object a line:
//   { op: 'start', id, command, args, graceMs }   { op: 'stop', id, graceMs }   { op: 'end' }
// events on stdout in the same way:
//   { event: 'spawned', id, pid }   { event: 'line', id, line }   { event: 'exit', id, reason }
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { createInterface } = require('node:readline');

/** What a JVM gets to end by itself once its owner is dead. */
const ORPHAN_GRACE_MS = 1500;
const [folder] = process.argv.slice(2);
/** id → { process, graceMs } of every JVM that has not ended. */
const running = new Map();
let ending = false;

function tell(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function start({ id, command, args, graceMs }) {
  // In the folder itself, so that no argument has to name a path with letters or commas that Java or Kafka would misread.
  const jvm = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
  running.set(id, { process: jvm, graceMs });
  createInterface({ input: jvm.stderr }).on('line', (line) => tell({ event: 'line', id, line }));
  const gone = (reason) => {
    if (!running.delete(id)) return;
    tell({ event: 'exit', id, reason });
    if (ending) finishWhenNoneIsLeft();
  };
  jvm.on('error', (error) => gone(error.message));
  jvm.on('close', (code, signal) => gone(signal ? `ended by ${signal}` : `exit code ${code}`));
  if (jvm.pid === undefined) return;
  // For the sweep of a later start, should this process be killed as well.
  fs.writeFileSync(path.join(folder, `jvm-${id}.pid`), String(jvm.pid));
  tell({ event: 'spawned', id, pid: jvm.pid });
  if (ending) stop({ id, graceMs: 0 });
}

function stop({ id, graceMs }) {
  const jvm = running.get(id)?.process;
  if (!jvm) return;
  if (graceMs > 0) {
    jvm.kill('SIGTERM');
    setTimeout(() => jvm.kill('SIGKILL'), graceMs).unref();
  } else {
    jvm.kill('SIGKILL');
  }
}

function end(longestGraceMs) {
  // Asked again, for instance by the death of an owner that had begun to stop: only ever hurries.
  for (const [id, { graceMs }] of running) stop({ id, graceMs: Math.min(graceMs, longestGraceMs) });
  ending = true;
  finishWhenNoneIsLeft();
}

function finishWhenNoneIsLeft() {
  if (running.size > 0) return;
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

const operations = { start, stop, end: () => end(Infinity) };
createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line);
  operations[command.op](command);
});
const orphaned = () => end(ORPHAN_GRACE_MS);
process.stdin.on('end', orphaned).on('close', orphaned).on('error', orphaned);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, orphaned);
process.stdout.on('error', () => {}); // nobody is left to tell

'use strict';

// Stands between this project and a process that must not outlive it (a JVM, JupyterLab). The guard's stdin is a pipe
// from its parent, and it closes however the parent ends, SIGKILL included: then the guarded process is asked to end,
// and after a grace is made to. Usage: node guard.cjs GRACE_MS COMMAND ARG...
const { spawn } = require('node:child_process');

/** What a shell answers when it cannot run a command. */
const EXIT_CANNOT_RUN = 127;

const [graceMs, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), Number(graceMs)).unref();
}

process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

child.on('error', (error) => {
  console.error(`${command} could not be run: ${error.message}`);
  process.exit(EXIT_CANNOT_RUN);
});
child.on('exit', (code) => process.exit(code === null ? 1 : code));

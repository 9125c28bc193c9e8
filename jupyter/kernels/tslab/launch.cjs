'use strict';

// Starts the tslab kernel with what a course needs and stock tslab lacks: the project's root as its root, the project's
// own Node, output bursts that arrive whole, an end when Jupyter ends, and a shutdown that closes what was opened.
// Plain JavaScript for any Node, because it may have to look for a newer one first.
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Worker } = require('worker_threads');

const OLDEST_NODE = [22, 22]; // what testcontainers and vega-lite ask for
const PARENT_POLL_MS = 300;
const GATHERING_MS = 20;
const GATHERED_LIMIT = 64 * 1024;
/** Jupyter sends SIGTERM to a kernel that has not gone 2.5 s after it was asked to. */
const CLOSING_LIMIT_MS = 2000;
/** Where src/course/notebook/kernel-host.ts finds what this file offers. */
const KERNEL_HOST = Symbol.for('kafka-producer-internals.kernel-host');

function findRoot() {
  const isRoot = (folder) => fs.existsSync(path.join(folder, 'node_modules', 'tslab', 'dist', 'main.js'));
  // The launcher's own place first: it is part of the project, wherever the notebook lies.
  for (const start of [__dirname, process.cwd()]) {
    for (let folder = start; ; folder = path.dirname(folder)) {
      if (isRoot(folder)) return folder;
      if (path.dirname(folder) === folder) break;
    }
  }
  console.error('The packages of the course are not installed: run npm start in its folder once.');
  return process.exit(1);
}

function isNewEnough() {
  const [major, minor] = process.version.slice(1).split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** An editor may start kernels with whatever `node` it finds; the packages bring one that fits. */
function handOver(root) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]
    .map((folder) => path.join(root, 'node_modules', folder, 'bin', file))
    .find((candidate) => fs.existsSync(candidate));
  if (node === undefined) {
    console.error(`Node ${process.version} is too old for the notebooks: install Node 22.22 or newer.`);
    process.exit(1);
  }
  const child = spawn(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code === null ? 1 : code));
}

/** The process that kernels must not outlive. On Windows JPY_PARENT_PID is a handle, and no process has it for its id. */
function jupyterPid(env, platform, parentPid) {
  return (platform !== 'win32' && Number(env.JPY_PARENT_PID)) || parentPid;
}

/**
 * Ends this process with the one that started it, however that ended. From a thread of its own: a cell that loops for
 * ever keeps the main one from noticing anything.
 */
function dieWithParent() {
  const watch = `
    const { workerData } = require('node:worker_threads');
    const isGone = (pid) => {
      try { process.kill(pid, 0); return false; } catch (error) { return error.code === 'ESRCH'; }
    };
    setInterval(() => {
      if (process.ppid !== workerData.ppid || isGone(workerData.jupyter)) process.kill(process.pid, 'SIGKILL');
    }, workerData.everyMs);
  `;
  const jupyter = jupyterPid(process.env, process.platform, process.ppid);
  const workerData = { ppid: process.ppid, jupyter, everyMs: PARENT_POLL_MS };
  new Worker(watch, { eval: true, workerData, execArgv: [] }).unref();
}

function createHost(jupyter) {
  return {
    /** What to do before the kernel goes: functions that return promises. */
    closing: new Set(),
    unseenErrors: [],
    lostMessages: 0,
    async closeAll() {
      const results = await Promise.allSettled([...this.closing].map((close) => close()));
      this.closing.clear();
      return results.filter(({ status }) => status === 'rejected').map(({ reason }) => String(reason));
    },
    display(data, displayId, update) {
      const transient = displayId === undefined ? {} : { display_id: displayId };
      jupyter.lastWriteDisplayData({ data, metadata: {}, transient }, update);
    },
  };
}

/**
 * zeromq refuses the 513th message of a tick, and tslab waits for none: a cell that printed more lines lost the rest, and
 * with it the word that it had ended. No high-water mark, and sending at once, keep everything; what still fails is counted.
 */
function keepBurstsWhole(root, host) {
  const zeromq = require(path.join(root, 'node_modules', 'zeromq'));
  const { Publisher } = zeromq;
  class PatientPublisher extends Publisher {
    constructor(options) {
      super(Object.assign({}, options, { sendHighWaterMark: 0, sendTimeout: 0 }));
    }

    send(message) {
      return super.send(message).catch(() => {
        host.lostMessages += 1;
      });
    }
  }
  Object.defineProperty(zeromq, 'Publisher', {
    configurable: true,
    enumerable: true,
    value: PatientPublisher,
  });
}

/**
 * tslab sends a message for each write, which makes twenty thousand outputs of twenty thousand lines. Text is gathered
 * for a moment instead; before anything that must come after it (a chart, another stream, the end) it goes out.
 */
function gatherText(jupyter) {
  const { handleExecute } = jupyter.JupyterHandlerImpl.prototype;
  jupyter.JupyterHandlerImpl.prototype.handleExecute = async function (
    request,
    writeStream,
    writeDisplayData,
  ) {
    const gathered = { name: '', text: '', sentMs: 0, timer: null };
    const flush = () => {
      clearTimeout(gathered.timer);
      gathered.timer = null;
      gathered.sentMs = Date.now();
      if (gathered.text !== '') writeStream(gathered.name, gathered.text);
      gathered.text = '';
    };
    const write = (name, text) => {
      if (name !== gathered.name) flush();
      gathered.name = name;
      gathered.text += text;
      // The clock is asked as well, because a loop that never awaits lets no timer fire.
      if (gathered.text.length > GATHERED_LIMIT || Date.now() - gathered.sentMs > GATHERING_MS) flush();
      else if (gathered.timer === null) gathered.timer = setTimeout(flush, GATHERING_MS);
    };
    const display = (data, update) => {
      flush();
      writeDisplayData(data, update);
    };
    try {
      return await handleExecute.call(this, request, write, display);
    } finally {
      flush();
    }
  };
}

/**
 * TypeScript's watcher has two timers, one to look again for files that were missing and one to compile; tslab has room
 * for one and throws at the second. Saving a file while a notebook is open was enough, and what came of it stood beneath
 * the next cell. The first kind gets a timer of its own; tslab keeps the second, which it fires by itself.
 */
function giveEachWatcherTimerItsPlace(root) {
  const { sys } = require(path.join(root, 'node_modules', '@tslab', 'typescript-for-tslab'));
  const own = new Set();
  // tslab derives an object from `sys` and assigns to it: a setter up here is what sees that.
  const onAssignment = (name, replace) => {
    let inherited = sys[name];
    Object.defineProperty(sys, name, {
      configurable: true,
      get: () => inherited,
      set(value) {
        if (this === sys) inherited = value;
        else Object.defineProperty(this, name, { value: replace(value), writable: true, configurable: true });
      },
    });
  };
  onAssignment('setTimeout', (ofTslab) => (callback, ...details) => {
    if (callback.name !== 'invalidateResolutionsOfFailedLookup') return ofTslab(callback, ...details);
    const timer = setTimeout(() => own.delete(timer) && callback(), details[0]);
    own.add(timer);
    return timer;
  });
  onAssignment('clearTimeout', (ofTslab) => (timer) => {
    if (own.delete(timer)) clearTimeout(timer);
    else ofTslab(timer);
  });
}

/** What kafkajs says on every machine and to nobody's use would stand beneath a learner's cells. */
function quietKafkaJs() {
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  const { emitWarning } = process;
  process.emitWarning = (warning, ...details) => {
    // Its request queue asks for timers in the past, which fire at once, as they should.
    if (details[0] !== 'TimeoutNegativeWarning') emitWarning.call(process, warning, ...details);
  };
}

/** Connections, topics and brokers that a notebook opened go with its kernel. */
function closeOnShutdown(jupyter, host) {
  let closing = false;
  const closeAll = () => {
    if (closing) return;
    closing = true;
    setTimeout(() => process.exit(0), CLOSING_LIMIT_MS);
    host.closeAll().then(() => process.exit(0));
  };
  const { handleShutdown } = jupyter.JupyterHandlerImpl.prototype;
  jupyter.JupyterHandlerImpl.prototype.handleShutdown = function (request) {
    setImmediate(closeAll); // after the reply
    return handleShutdown.call(this, request);
  };
  process.on('SIGTERM', closeAll);
}

function main() {
  const root = findRoot();
  if (!isNewEnough()) return handOver(root);
  dieWithParent();
  process.chdir(root);
  const jupyter = require(path.join(root, 'node_modules', 'tslab', 'dist', 'jupyter.js'));
  const host = createHost(jupyter);
  globalThis[KERNEL_HOST] = host;
  keepBurstsWhole(root, host);
  gatherText(jupyter);
  giveEachWatcherTimerItsPlace(root);
  quietKafkaJs();
  closeOnShutdown(jupyter, host);
  // tslab prints these beneath the running cell and goes on; whoever runs a notebook unattended has to hear of them.
  process.on('unhandledRejection', (reason) =>
    host.unseenErrors.push(String((reason && reason.stack) || reason)),
  );
  process.on('uncaughtException', (error) => host.unseenErrors.push(String((error && error.stack) || error)));
  require(path.join(root, 'node_modules', 'tslab', 'dist', 'main.js')).main();
}

if (require.main === module) main();
else module.exports = { jupyterPid };

/**
 * The process in which an answer runs. It is handed a probe (ours) and an answer (anybody's), runs the probe's scenarios
 * on the answer and sends back plain data; a grader elsewhere judges them. The answer may do what it likes: this process
 * has no say in the grade, may not write files or start processes (Node's permission model), and is ended from outside.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { LAST_WORDS_FD } from './answer-protocol';
import { AnswerLoader, closeOtherWays } from './answer-loader';
import type { HostReply, HostRequest, LastWords, ThrownValue } from './answer-protocol';
import { GlobalsSnapshot } from './globals-snapshot';

type Scenario = (answer: unknown, input: unknown) => unknown;

// Taken before the answer is loaded: what it does to these names later does not change what is used here.
const send = process.send?.bind(process);
const exit = process.exit.bind(process);
const writeSync = fs.writeSync;
const toJson = JSON.stringify;
const isError = (value: unknown): value is Error => value instanceof Error;

if (send === undefined) throw new Error('The answer host is started by the grader, not by hand.');
delete process.send;

function thrownValue(value: unknown): ThrownValue {
  if (isError(value)) {
    return { isError: true, name: value.name, message: value.message, stack: String(value.stack) };
  }
  return { isError: false, name: typeof value, message: String(value), stack: '' };
}

function reply(message: HostReply): void {
  send!(message);
}

/** Synchronous, so that it is out before the process is gone. */
function lastWords(words: LastWords): void {
  writeSync(LAST_WORDS_FD, `${toJson(words)}\n`);
}

const WATCH_EVERY_MS = 250;
const MEMORY_LIMIT_MB = 1024;

/**
 * An answer that loops for ever keeps this thread from noticing that its parent is gone, or that it takes too much memory;
 * another thread does. From inside the process, because a look from outside takes a program of the system's for each look.
 */
function watchFromAnotherThread(): void {
  const watch = `
    const { writeSync } = require('node:fs');
    const { parent, limitMb, lastWordsFd, everyMs } = require('node:worker_threads').workerData;
    const end = () => process.kill(process.pid, 'SIGKILL');
    const isGone = () => {
      try { process.kill(parent, 0); return false; } catch (error) { return error.code === 'ESRCH'; }
    };
    setInterval(() => {
      if (process.ppid !== parent || isGone()) end();
      const megabytes = Math.round(process.memoryUsage.rss() / 1024 / 1024);
      if (megabytes <= limitMb) return;
      writeSync(lastWordsFd, JSON.stringify({ kind: 'memory', megabytes }) + '\\n');
      end();
    }, everyMs);
  `;
  const workerData = {
    parent: process.ppid,
    limitMb: MEMORY_LIMIT_MB,
    lastWordsFd: LAST_WORDS_FD,
    everyMs: WATCH_EVERY_MS,
  };
  new Worker(watch, { eval: true, workerData }).unref();
}

function onRequest(request: HostRequest): void {
  if (request.kind === 'ping') return reply({ kind: 'pong' });
  if (request.kind === 'load') return load(request);
  void runScenario(request.id, request.scenario, request.input);
}

let scenarios: Record<string, Scenario> = {};
let answer: Record<string, unknown> = {};
let globals: GlobalsSnapshot | undefined;

function load({ probeFile, answerFile, exports, imports }: HostRequest & { kind: 'load' }): void {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- which file this is is known only now
    scenarios = require(probeFile) as Record<string, Scenario>;
    closeOtherWays();
    globals = new GlobalsSnapshot();
    answer = new AnswerLoader(imports).load(answerFile);
    globals.check();
    for (const name of exports) {
      if (answer[name] === undefined) {
        throw new Error(`${path.basename(answerFile)} does not export "${name}".`);
      }
    }
    reply({ kind: 'loaded' });
  } catch (error) {
    reply({ kind: 'failed', id: null, error: thrownValue(error) });
  }
}

async function runScenario(id: number, name: string, input: unknown): Promise<void> {
  try {
    const value = await scenarios[name]!(answer, input);
    globals!.check();
    reply({ kind: 'result', id, value });
  } catch (error) {
    reply({ kind: 'failed', id, error: thrownValue(error) });
  }
}

process.on('uncaughtException', (error) => {
  lastWords({ kind: 'uncaught', error: thrownValue(error) });
  exit(1);
});
process.on('exit', (code) => lastWords({ kind: 'exit', code }));
process.on('disconnect', () => exit(0));
process.on('message', onRequest);
watchFromAnotherThread();
reply({ kind: 'ready' });

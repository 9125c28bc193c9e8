import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { AnswerFailure, failureOf } from './answer-failure';
import { LAST_WORDS_FD } from './answer-protocol';
import type { AnswerImports } from './answer-loader';
import type { HostReply, HostRequest, LastWords } from './answer-protocol';
import { slowdown, slowdownOfStart } from './busy-machine';

export interface AnswerOptions {
  readonly probeFile: string;
  readonly answerFile: string;
  /** Names the answer has to export. */
  readonly exports: readonly string[];
  readonly imports: AnswerImports;
  /** For one scenario, and for loading; longer on a machine with more to do than it can. */
  readonly timeLimitMs: number;
}

const LOADER = path.join(__dirname, '..', '..', 'support', 'typescript-loader.cjs');
const HOST = path.join(__dirname, 'answer-host.ts');
const HEAP_LIMIT_MB = 384;
/** For Node and the course's own files, before anything of the answer is loaded; only there so that nothing waits for ever. */
const START_WITHIN_MS = 60_000;
const PONG_WITHIN_MS = 500;
const KEPT_OUTPUT_BYTES = 4096;

/**
 * Read-only, no child processes; native codecs and the watching thread have to be allowed, and so has the broker: from
 * Node 25 on the permission model denies the network, with a flag of its own that older ones do not know.
 */
export const nodeFlags = (known: ReadonlySet<string> = process.allowedNodeEnvironmentFlags): string[] => [
  '--permission',
  '--allow-fs-read=*',
  '--allow-addons',
  '--allow-worker',
  ...(known.has('--allow-net') ? ['--allow-net'] : []),
  '--disable-warning=SecurityWarning',
  '--disable-warning=TimeoutNegativeWarning',
  `--max-old-space-size=${HEAP_LIMIT_MB}`,
  '--require',
  LOADER,
];

interface Waiting {
  readonly doing: string;
  readonly accept: (reply: HostReply) => boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: AnswerFailure) => void;
}

/**
 * One answer in a process of its own. Whatever it does there costs it this process and nothing else: after a time-out, a
 * crash or an exit every later scenario fails at once, with the same cause. A process is started on first use.
 */
export class AnswerUnderTest {
  #child: ChildProcess | undefined;
  #loaded: Promise<void> | undefined;
  #waiting: Waiting | undefined;
  #ended: AnswerFailure | undefined;
  #lastWords: LastWords | undefined;
  #output = '';
  #outputBytes = 0;
  /** How many times longer things take than on the machine that the limits were chosen on, by the start of this process. */
  #slowdown = 1;
  #nextId = 1;
  #onPong: (() => void) | undefined;

  constructor(private readonly options: AnswerOptions) {}

  /** Runs one of the probe's scenarios. Rejects with an AnswerFailure that says what the answer did instead. */
  async run(scenario: string, input: unknown): Promise<unknown> {
    this.#loaded ??= this.#start();
    await this.#loaded;
    const id = this.#nextId++;
    return this.#ask({ kind: 'run', id, scenario, input }, `running "${scenario}"`, (reply) => {
      return reply.kind === 'result' && reply.id === id;
    });
  }

  /** What the answer printed, cut to its first kilobytes. */
  get output(): string {
    return this.#output;
  }

  stop(): void {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
  }

  async #start(): Promise<void> {
    const child = fork(HOST, [], {
      execPath: process.execPath,
      execArgv: nodeFlags(),
      serialization: 'advanced',
      env: { PATH: process.env['PATH'], KAFKAJS_NO_PARTITIONER_WARNING: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stdout!.on('data', (chunk: Buffer) => this.#keepOutput(chunk));
    child.stderr!.on('data', (chunk: Buffer) => this.#keepOutput(chunk));
    child.stdio[LAST_WORDS_FD]!.on('data', (chunk: Buffer) => this.#hearLastWords(chunk));
    child.on('message', (reply: HostReply) => this.#onReply(reply));
    child.on('error', (error) =>
      this.#end(new AnswerFailure(`The answer's process failed: ${error.message}`, 'error')),
    );
    child.on('close', (code, signal) => this.#end(this.#whyItEnded(code, signal)));
    // The machine's time, not the answer's: none of it has been loaded.
    const began = performance.now();
    await this.#wait({ doing: 'starting', limitMs: START_WITHIN_MS, accept: ({ kind }) => kind === 'ready' });
    this.#slowdown = slowdownOfStart(performance.now() - began);
    const { probeFile, answerFile, exports, imports } = this.options;
    const request = { kind: 'load', probeFile, answerFile, exports, imports } as const;
    await this.#ask(request, 'loading the file', (reply) => {
      return reply.kind === 'loaded';
    });
  }

  #ask(request: HostRequest, doing: string, accept: (reply: HostReply) => boolean): Promise<unknown> {
    const waiting = this.#wait({ doing, accept, limitMs: this.options.timeLimitMs });
    if (this.#ended !== undefined) return waiting;
    this.#child!.send(request, (error) => {
      if (error !== null)
        this.#end(new AnswerFailure(`The answer's process went away while ${doing}.`, 'error'));
    });
    return waiting;
  }

  /** Resolves with what the accepted reply carries. */
  #wait({
    doing,
    accept,
    limitMs,
  }: Pick<Waiting, 'doing' | 'accept'> & { limitMs: number }): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const began = performance.now();
      let timer: NodeJS.Timeout;
      const wait = (ms: number): void => {
        timer = setTimeout(() => {
          // Twenty learners on one server are no reason to call a right answer an endless loop.
          const leftMs = limitMs * this.#timesSlower() - (performance.now() - began);
          if (leftMs > 0) wait(leftMs);
          else void this.#onTimeout(doing, limitMs);
        }, ms);
      };
      wait(limitMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
      };
      this.#waiting = {
        doing,
        accept,
        resolve: (value) => (settle(), resolve(value)),
        reject: (failure) => (settle(), reject(failure)),
      };
    });
  }

  #timesSlower(): number {
    return Math.max(slowdown(), this.#slowdown);
  }

  #onReply(reply: HostReply): void {
    if (reply.kind === 'pong') return this.#onPong?.();
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    if (reply.kind === 'failed') {
      const failure = failureOf(reply.error, waiting.doing);
      // A file that does not load, or globals that are no longer Node's, spoil every later scenario as well.
      const spoilsAll = reply.id === null || reply.error.message.startsWith('the answer ');
      if (spoilsAll) this.#end(failure);
      else waiting.reject(failure);
    } else if (waiting.accept(reply)) {
      waiting.resolve(reply.kind === 'result' ? reply.value : undefined);
    }
  }

  /** An event loop that still answers is waiting for something; one that does not is running in a circle. */
  async #onTimeout(doing: string, limitMs: number): Promise<void> {
    const alive = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PONG_WITHIN_MS * this.#timesSlower());
      this.#onPong = () => (clearTimeout(timer), resolve(true));
      this.#child!.send({ kind: 'ping' } satisfies HostRequest, () => {});
    });
    const limit = `${limitMs / 1000} s`;
    const what = alive
      ? `a promise did not settle within ${limit}: it waits for something that never comes`
      : `the answer kept the process busy for more than ${limit}: it seems to loop for ever`;
    this.#end(new AnswerFailure(`While ${doing}, ${what}.${this.#printed()}`, 'timeout'));
  }

  #keepOutput(chunk: Buffer): void {
    this.#outputBytes += chunk.length;
    if (this.#output.length < KEPT_OUTPUT_BYTES) {
      this.#output += chunk.toString('utf8', 0, KEPT_OUTPUT_BYTES - this.#output.length);
    }
  }

  #hearLastWords(chunk: Buffer): void {
    const line = chunk.toString('utf8').split('\n')[0] ?? '';
    this.#lastWords ??= JSON.parse(line) as LastWords;
  }

  #whyItEnded(code: number | null, signal: string | null): AnswerFailure {
    const doing = this.#waiting?.doing ?? 'waiting for the next scenario';
    const words = this.#lastWords;
    if (words?.kind === 'memory') {
      return new AnswerFailure(
        `The answer took ${words.megabytes} MB of memory; the limit is 1024 MB.`,
        'error',
      );
    }
    if (words?.kind === 'uncaught') return failureOf(words.error, `${doing} (nothing caught this error)`);
    if (this.#output.includes('JavaScript heap out of memory')) {
      return new AnswerFailure(
        `While ${doing}, the answer ran out of memory (${HEAP_LIMIT_MB} MB).`,
        'error',
      );
    }
    const how =
      words?.kind === 'exit' ? `called process.exit(${words.code})` : `ended its process (${signal ?? code})`;
    return new AnswerFailure(`While ${doing}, the answer ${how}: return or throw instead.`, 'error');
  }

  #printed(): string {
    const megabytes = this.#outputBytes / 1024 / 1024;
    return megabytes < 1 ? '' : ` It also printed ${Math.round(megabytes)} MB of output.`;
  }

  #end(failure: AnswerFailure): void {
    if (this.#ended !== undefined) return;
    this.#ended = failure;
    this.stop();
    this.#waiting?.reject(failure);
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { jvmEnvironment } from './jvm-environment';

export interface JvmCommand {
  java: string;
  args: string[];
  /** How long it may take to end by itself when everything is stopped; 0 for SIGKILL at once. */
  graceMs: number;
}

type GuardEvent =
  | { event: 'spawned'; id: number; pid: number }
  | { event: 'line'; id: number; line: string }
  | { event: 'exit'; id: number; reason: string };

const GUARD = join(__dirname, 'guard.cjs');
const LINES_KEPT = 40;
/** Long enough for a slow machine under load; only there so that nothing waits for ever. */
const READY_WITHIN_MS = 120_000;

/** JVMs behind one guard process, which ends them however this process ends. Each has an id of the caller's choice. */
export class GuardedJvms {
  #guard!: ChildProcess;
  #guardGone!: Promise<unknown>;
  #hasGuard = false;
  readonly #events = new EventEmitter();
  /** Of every JVM that was started and has not ended; undefined until the guard has told. */
  readonly #pids = new Map<number, number | undefined>();
  readonly #log = new Map<number, string[]>();
  #holds = 0;
  #ended = false;

  /** @param folder what the JVMs work in; the guard removes it in the end */
  constructor(private readonly folder: string) {
    this.#events.setMaxListeners(0);
    this.#startGuard();
  }

  #startGuard(): void {
    const guard = spawn(process.execPath, [GUARD, this.folder], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
      windowsHide: true,
      // Nothing that the caller's Node was told (loaders, inspectors) concerns the guard.
      env: { ...jvmEnvironment(), NODE_OPTIONS: '' },
    });
    this.#guard = guard;
    this.#hasGuard = true;
    this.#guardGone = Promise.race([once(guard, 'exit'), once(guard, 'error')]).then(() =>
      this.#onGuardGone(),
    );
    guard.stdin.on('error', () => {}); // the guard's end is seen by #guardGone
    createInterface({ input: guard.stdout }).on('line', (line) =>
      this.#onEvent(JSON.parse(line) as GuardEvent),
    );
    this.#keepProcessAlive(this.#holds > 0);
  }

  /** Starts a JVM and resolves once it has printed `readyText`; rejects with its last lines when it ends before. */
  async start(id: number, { java, args, graceMs }: JvmCommand, readyText: string): Promise<void> {
    if (this.#ended) throw new Error('These JVMs were ended.');
    if (!this.#hasGuard) this.#startGuard(); // somebody has ended it, and with it the JVMs
    this.#log.set(id, []);
    this.#pids.set(id, undefined);
    await this.#holding(() => {
      const ready = new Promise<void>((resolve, reject) => {
        const tooLong = setTimeout(
          () => onExit(`not ready after ${READY_WITHIN_MS / 1000} s`),
          READY_WITHIN_MS,
        );
        const onLine = (line: string) => line.includes(readyText) && settle(resolve);
        const onExit = (reason: string) => settle(() => reject(new Error(this.describeEnd(id, reason))));
        const settle = (how: () => void) => {
          clearTimeout(tooLong);
          this.#events.off(`line ${id}`, onLine).off(`exit ${id}`, onExit);
          how();
        };
        this.#events.on(`line ${id}`, onLine).on(`exit ${id}`, onExit);
      });
      this.#tell({ op: 'start', id, command: java, args, graceMs });
      return ready;
    });
  }

  /** Stops one JVM: SIGTERM, and SIGKILL after `graceMs` (at once when that is 0). Resolves when it is gone. */
  async stop(id: number, graceMs: number): Promise<void> {
    if (!this.#pids.has(id)) return;
    await this.#holding(async () => {
      const gone = once(this.#events, `exit ${id}`);
      this.#tell({ op: 'stop', id, graceMs });
      await gone;
    });
  }

  /** Stops everything, removes the folder, and resolves when no process is left. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#holding(async () => {
      this.#tell({ op: 'end' });
      await this.#guardGone;
    });
  }

  isRunning(id: number): boolean {
    return this.#pids.has(id);
  }

  pid(id: number): number | undefined {
    return this.#pids.get(id);
  }

  describeEnd(id: number, reason: string): string {
    return [reason, ...(this.#log.get(id) ?? [])].join('\n');
  }

  #tell(command: object): void {
    this.#guard.stdin!.write(`${JSON.stringify(command)}\n`);
  }

  #onEvent(event: GuardEvent): void {
    if (event.event === 'spawned') this.#pids.set(event.id, event.pid);
    if (event.event === 'line') {
      const lines = this.#log.get(event.id) ?? [];
      lines.push(event.line);
      this.#log.set(event.id, lines.slice(-LINES_KEPT));
      this.#events.emit(`line ${event.id}`, event.line);
    }
    if (event.event === 'exit') {
      this.#pids.delete(event.id);
      this.#events.emit(`exit ${event.id}`, event.reason);
    }
  }

  /** A guard that was killed can no longer end its JVMs: then it is done from here. */
  #onGuardGone(): void {
    this.#hasGuard = false;
    for (const [id, pid] of [...this.#pids]) {
      try {
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      } catch {
        // already gone
      }
      this.#onEvent({ event: 'exit', id, reason: 'its guard process has ended' });
    }
  }

  /** A broker that nobody stops must not keep a finished script from ending, but a call in progress must. */
  async #holding<T>(work: () => Promise<T>): Promise<T> {
    if (this.#holds++ === 0) this.#keepProcessAlive(true);
    try {
      return await work();
    } finally {
      if (--this.#holds === 0) this.#keepProcessAlive(false);
    }
  }

  #keepProcessAlive(alive: boolean): void {
    const change = alive ? 'ref' : 'unref';
    this.#guard[change]();
    for (const pipe of [this.#guard.stdin, this.#guard.stdout]) (pipe as unknown as Socket)[change]();
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../support/project-paths';

const GUARD = path.join(projectRoot, 'src', 'support', 'guard.cjs');

export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** A file descriptor for stdout and stderr, or a pipe for each. */
  readonly output: number | 'pipe';
  /** How long it may take to end when it is asked to; then it is ended. */
  readonly graceMs: number;
}

export interface GuardedProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code once the process has ended, for whatever reason. */
  readonly exited: Promise<number>;
  /** Asks the process to end and resolves when it has. */
  stop(): Promise<void>;
}

/** Runs a command that ends with this process, however this process ends. */
export function startGuarded({ command, args, env, output, graceMs }: GuardedCommand): GuardedProcess {
  const child = spawn(process.execPath, [GUARD, String(graceMs), command, ...args], {
    cwd: projectRoot,
    // A group of its own: Ctrl-C in the terminal is for this process, which then ends the others in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', output, output],
    env,
  });
  child.stdin?.on('error', () => {}); // closed because the guard has ended, which `exited` tells
  const exited = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() => child.exitCode ?? 1);
  const stop = async () => {
    child.stdin?.end();
    await exited;
  };
  return { child, exited, stop };
}

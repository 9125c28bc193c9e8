import { spawn, type SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandResult {
  /** null when a signal ended it, or when it could not be run at all. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why the command could not be run, for instance because there is no such file. */
  readonly error?: Error;
}

/** Runs a command to its end; never rejects. `onLine` sees the lines of stdout as they come. */
export function runCommand(
  command: string,
  args: readonly string[],
  { onLine, ...options }: SpawnOptions & { onLine?: (line: string) => void } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { windowsHide: true, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
    child.on('error', (error) => resolve({ exitCode: null, stdout, stderr, error }));
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** The last lines of what a command printed, for an error's cause. */
export function lastLines(text: string, count = 15): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

import path from 'node:path';
import { runCommand } from '../../../src/support/run-command';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls a command of the course in `project` as a person would who is in `folder`. */
export async function callCourse(
  project: string,
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const script = path.join(project, 'bin', 'course.cjs');
  const { exitCode, stdout, stderr, error } = await runCommand(process.execPath, [script, ...args], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, ...env },
  });
  if (error !== undefined) throw error;
  return { code: exitCode, stdout, stderr };
}

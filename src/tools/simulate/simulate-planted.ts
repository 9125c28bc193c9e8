import { spawn } from 'node:child_process';
import path from 'node:path';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';
import { PROJECT_ROOT } from '../../course/exercises/manifest';
import { runCommand } from '../../support/run-command';

const LOADER = path.join(__dirname, 'plant-loader.cjs');
const COURSE = path.join(PROJECT_ROOT, 'bin', 'course.cjs');

/** A change to the producer's source: the text is there once. */
export interface PlantedChange {
  /** Relative to the project. */
  readonly file: string;
  readonly replace: string;
  readonly with: string;
}

/** The same command in a process whose producer has the changes of a plant file: a JSON array of `PlantedChange`. */
export function simulatePlanted(plant: string, args: readonly string[]): Promise<ExitCode> {
  const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), plant);
  const child = spawn(process.execPath, ['--require', LOADER, COURSE, ...withoutPlant(args)], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, COURSE_PLANT: file },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve((code ?? EXIT.wrong) as ExitCode));
  });
}

function withoutPlant(args: readonly string[]): string[] {
  return args.filter((arg, index) => !arg.startsWith('--plant') && args[index - 1] !== '--plant');
}

/** Runs `npm run simulate -- …` against a changed producer, and returns how it ended: for checks that plant many faults. */
export async function searchPlanted(
  plantFile: string,
  args: readonly string[],
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await runCommand(
    process.execPath,
    ['--require', LOADER, COURSE, 'simulate', ...args],
    { cwd: PROJECT_ROOT, env: { ...process.env, COURSE_PLANT: plantFile } },
  );
  return { exitCode, stdout, stderr };
}

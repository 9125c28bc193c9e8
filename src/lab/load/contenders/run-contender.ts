import { fork } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../../support/project-paths';
import type { BenchJob, ContenderReply, Measurement } from './job';

const SCRIPT = path.join(__dirname, 'contender-process.ts');
const LOADER = path.join(projectRoot, 'src', 'support', 'typescript-loader.cjs');
const KEPT_OUTPUT = 2000;

/** Runs one job in a process of its own. Rejects with what went wrong when it sends no measurement. */
export function runContender(job: BenchJob): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(SCRIPT, [], {
      execArgv: ['--require', LOADER],
      env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1', NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT)));
    }
    let reply: ContenderReply | null = null;
    child.on('message', (message: ContenderReply) => (reply = message));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const answer = reply;
      if (answer?.kind === 'measured') return resolve(answer.measurement);
      const how =
        answer?.message ?? `the process ended (${signal ?? code}) without an answer. ${output.trim()}`;
      reject(new Error(how.trim()));
    });
    child.send(job, (error) => error && reject(error));
  });
}

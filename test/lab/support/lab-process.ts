import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describeKafka, KAFKA_VARIABLE } from '../../../src/broker/index';
import type { KafkaDescription } from '../../../src/broker/index';

const LOADER = path.join(__dirname, '..', '..', '..', 'src', 'support', 'typescript-loader.cjs');

export interface LabProcess {
  readonly url: string;
  /** Asks it to end as Ctrl-C does; resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** `npm run lab` on a port of its own, in a process of its own, as a learner has it. */
export async function startLab(kafka: KafkaDescription): Promise<LabProcess> {
  const lab = spawn(process.execPath, ['--require', LOADER, path.join(__dirname, 'run-lab.ts')], {
    env: { ...process.env, [KAFKA_VARIABLE]: JSON.stringify(describeKafka(kafka)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(lab, 'exit').then(([code]) => code as number | null);
  let stderr = '';
  lab.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: lab.stdout }).on('line', (line) => {
      const found = /The lab is at (\S+?)\/ /.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exited.then((code) => reject(new Error(`The lab ended with ${code}: ${stderr}`)));
  });
  return {
    url,
    stop: () => {
      lab.kill('SIGTERM');
      return exited;
    },
  };
}

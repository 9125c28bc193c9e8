import { fork } from 'node:child_process';
import path from 'node:path';
import { useKafka, withTopic } from '../../src/broker/index';
import type { CourseKafka } from '../../src/broker/index';
import { startFaultProxy } from '../../src/lab/faults/fault-proxy';
import { projectRoot } from '../../src/support/project-paths';
import type { FillingReport, FillingTask } from './support/filling-producer';

const MEGABYTE = 1024 * 1024;
const BUFFER_MEMORY = 64 * MEGABYTE;
/** Garbage that is not collected yet, futures, code. */
const ALLOWANCE = 100 * MEGABYTE;
const SCRIPT = path.join(__dirname, 'support', 'filling-producer.ts');
const LOADER = path.join(projectRoot, 'src', 'support', 'typescript-loader.cjs');

type Full = Extract<FillingReport, { kind: 'full' }>;

/** The producer's process tells when the broker may fall silent, and waits until it has. */
function fillInItsOwnProcess(task: FillingTask, silence: () => void): Promise<Full> {
  return new Promise((resolve, reject) => {
    const child = fork(SCRIPT, [], { execArgv: ['--require', LOADER] });
    child.on('error', reject);
    child.on('exit', (code) =>
      reject(new Error(`The producer's process ended with code ${code} and no report.`)),
    );
    child.on('message', (report: FillingReport) => {
      if (report.kind === 'full') return resolve(report);
      silence();
      child.send('silent');
    });
    child.send(task);
  });
}

describe('Memory, when the broker stops answering', () => {
  let kafka: CourseKafka;
  beforeAll(async () => {
    kafka = await useKafka();
  });
  afterAll(() => kafka.stop());

  it.each([
    { compression: 'none', recordSizeInBytes: 100 },
    { compression: 'none', recordSizeInBytes: 1024 },
    { compression: 'lz4', recordSizeInBytes: 1024 },
  ] as const)(
    'stays within buffer.memory and 100 MB, with $compression and records of $recordSizeInBytes bytes',
    async ({ compression, recordSizeInBytes }) => {
      const proxy = await startFaultProxy({ bootstrapServers: kafka.bootstrapServers });
      try {
        await withTopic(kafka, { name: 'memory', partitions: 6 }, async (topic) => {
          const { bootstrapServers } = proxy;
          const task = {
            bootstrapServers,
            topic,
            compression,
            bufferMemory: BUFFER_MEMORY,
            recordSizeInBytes,
          };
          const { recordsTaken, grownBytes } = await fillInItsOwnProcess(task, () => proxy.stall());
          // It was the memory that ended it, and most of it holds records.
          expect(recordsTaken * recordSizeInBytes).toBeGreaterThan(BUFFER_MEMORY / 2);
          expect(grownBytes).toBeLessThan(BUFFER_MEMORY + ALLOWANCE);
        });
      } finally {
        await proxy.close();
      }
    },
    60_000,
  );
});

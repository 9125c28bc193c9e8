// A process of its own that sends until its producer has no memory left, so that what it takes is the producer's.
// Asks its parent to silence the broker, and tells it in the end what it had taken.
import { bytesProducer } from '../../../src/lab/load/course-producer';
import { BufferExhaustedError } from '../../../src/producer/index';

export interface FillingTask {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly compression: 'none' | 'lz4';
  readonly bufferMemory: number;
  readonly recordSizeInBytes: number;
}

export type FillingReport =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'full';
      readonly recordsTaken: number;
      /** The most that the process had, beyond what it had before the broker fell silent. */
      readonly grownBytes: number;
    };

const SENDS_BETWEEN_LOOKS = 1000;

async function fill(task: FillingTask): Promise<void> {
  const producer = bytesProducer(task, {
    'buffer.memory': task.bufferMemory,
    'compression.type': task.compression,
    'max.block.ms': 1000,
  });
  const { topic } = task;
  const value = Buffer.alloc(task.recordSizeInBytes, 'x');
  await (await producer.send({ topic, value })).get();
  process.send?.({ kind: 'ready' } satisfies FillingReport);
  await new Promise((resolve) => process.once('message', resolve));
  const before = process.memoryUsage.rss();
  let highest = before;
  let recordsTaken = 0;
  try {
    for (;;) {
      await producer.send({ topic, value });
      recordsTaken++;
      if (recordsTaken % SENDS_BETWEEN_LOOKS === 0) highest = Math.max(highest, process.memoryUsage.rss());
    }
  } catch (error) {
    if (!(error instanceof BufferExhaustedError)) throw error;
  }
  const grownBytes = Math.max(highest, process.memoryUsage.rss()) - before;
  process.send?.({ kind: 'full', recordsTaken, grownBytes } satisfies FillingReport, () => process.exit(0));
}

process.on('disconnect', () => process.exit(1));
process.once('message', (task: FillingTask) => void fill(task));

import { startKafka, type CourseKafka } from '../../broker/index';
import { beforeKernelEnds } from './kernel-host';
import { progress } from './progress';
import type { NotebookKafka } from './notebook-kafka';

const BROKERS = 3;

/**
 * Runs `use` with three brokers: those of this notebook if it has three, or else new ones that stop afterwards. A cluster of
 * one broker cannot be made larger, so embedded brokers are started instead.
 */
export async function withThreeBrokers<T>(
  { kafka }: Pick<NotebookKafka, 'kafka'>,
  use: (three: CourseKafka) => Promise<T>,
): Promise<T> {
  if (kafka.brokers >= BROKERS) return use(kafka);
  const kind = kafka.kind === 'testcontainers' ? 'testcontainers' : 'embedded';
  const three = await progress('Three brokers start', BROKERS, async (bar) => {
    const started = await startKafka({ brokers: BROKERS, kind, onProgress: (line) => console.log(line) });
    bar.advance(BROKERS);
    return started;
  });
  const forget = beforeKernelEnds(() => three.stop());
  try {
    return await use(three);
  } finally {
    forget();
    await three.stop();
  }
}

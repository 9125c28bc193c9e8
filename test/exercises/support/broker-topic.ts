import { createTopic, deleteTopics } from '../../../src/broker/topics';
import type { CourseKafka } from '../../../src/broker/index';
import { readLog } from '../../../src/network/log-reader';

export interface BrokerTopic {
  readonly topic: string;
  /** What an answer's process needs to reach the broker. */
  readonly connect: { readonly bootstrapServers: string; readonly connection: object };
  /** The keys that the broker stored, in the order of the log, for each partition. */
  readKeys(): Promise<string[][]>;
}

/** A topic for one test: made before, deleted after, whatever happens in between. */
export async function brokerTopic(
  kafka: CourseKafka,
  options: { name: string; partitions: number },
  use: (topic: BrokerTopic) => Promise<void>,
): Promise<void> {
  const topic = await createTopic(kafka, options);
  try {
    await use({
      topic,
      connect: { bootstrapServers: kafka.bootstrapServers, connection: kafka.connection },
      readKeys: async () => {
        const partitions = Array.from({ length: options.partitions }, (_, partition) => partition);
        return Promise.all(
          partitions.map(async (partition) => {
            const records = await readLog(kafka, { topic, partition });
            return records.map(({ key }) => key?.toString('utf8') ?? '(no key)');
          }),
        );
      },
    });
  } finally {
    await deleteTopics(kafka, [topic]);
  }
}

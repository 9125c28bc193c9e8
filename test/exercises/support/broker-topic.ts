import { createTopic, deleteTopics } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { LogReader } from '../../../src/network/log-reader';
import type { DecodedRecord, DecodedRecordBatch } from '../../../src/network/log-reader';

export interface BrokerTopic {
  readonly topic: string;
  /** What an answer's process needs to reach the broker. */
  readonly connect: { readonly bootstrapServers: string; readonly connection: object };
  /** The batches that the broker stored, in the order of the log, for each partition. */
  readonly readBatches: () => Promise<DecodedRecordBatch[][]>;
  /** The records of those batches. */
  readonly readRecords: () => Promise<DecodedRecord[][]>;
  /** The keys of those records. */
  readonly readKeys: () => Promise<string[][]>;
}

/** A topic for one test: made before, deleted after, whatever happens in between. */
export async function brokerTopic(
  kafka: CourseKafka,
  options: { name: string; partitions: number; configs?: Readonly<Record<string, string>> },
  use: (topic: BrokerTopic) => Promise<void>,
): Promise<void> {
  const topic = await createTopic(kafka, options);
  const log = new LogReader(kafka);
  const eachPartition = <T>(read: (partition: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: options.partitions }, (_, partition) => read(partition)));
  const readRecords = (): Promise<DecodedRecord[][]> =>
    eachPartition((partition) => log.readLog({ topic, partition }));
  try {
    await use({
      topic,
      connect: { bootstrapServers: kafka.bootstrapServers, connection: kafka.connection },
      readBatches: () => eachPartition((partition) => log.readPartition({ topic, partition })),
      readRecords,
      readKeys: async () =>
        (await readRecords()).map((records) => records.map(({ key }) => key?.toString('utf8') ?? '(no key)')),
    });
  } finally {
    log.close();
    await deleteTopics(kafka, [topic]);
  }
}

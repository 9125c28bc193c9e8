import { Kafka } from 'kafkajs';
import { createTopic, deleteTopics, kafkaJsConfig, useKafka } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { readLog } from '../../../src/network/log-reader';
import { IllegalArgumentError } from '../../../src/protocol/errors';
import { murmur2, toPositive } from '../../../src/producer/internals/murmur2';
import { toKafkaJsPartitioner } from '../../../src/producer/interop/to-kafkajs-partitioner';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/partitioner';
import { RoundRobinPartitioner } from '../../../src/producer/round-robin-partitioner';

const PARTITIONS = 5;

class ByKey implements Partitioner {
  partition({ topic, keyBytes }: PartitionerRecord, cluster: Cluster): number {
    return toPositive(murmur2(keyBytes!)) % cluster.partitionsForTopic(topic).length;
  }
}

/** Out of order, as kafkajs may hand them on; partition 1 has no leader. */
const METADATA = [2, 0, 1].map((partitionId) => ({ partitionId, leader: partitionId === 1 ? -1 : 7 }));
const seenBy = (seen: { record?: PartitionerRecord; cluster?: Cluster }): Partitioner => ({
  partition: (record, cluster) => {
    Object.assign(seen, { record, cluster });
    return 0;
  },
});
const choose = (
  partitioner: Partitioner,
  message: { key?: Buffer | string | null; value: string; partition?: number },
) => toKafkaJsPartitioner(partitioner)()({ topic: 'orders', partitionMetadata: METADATA, message });

describe('toKafkaJsPartitioner', () => {
  it('hands key and value on as they are, and as bytes', () => {
    const seen: { record?: PartitionerRecord } = {};
    choose(seenBy(seen), { key: 'é', value: 'v' });
    expect(seen.record).toEqual({
      topic: 'orders',
      key: 'é',
      keyBytes: Buffer.from('é'),
      value: 'v',
      valueBytes: Buffer.from('v'),
    });
    choose(seenBy(seen), { value: 'v' });
    expect(seen.record).toMatchObject({ key: null, keyBytes: null });
    choose(seenBy(seen), { key: '', value: 'v' });
    expect(seen.record?.keyBytes).toEqual(Buffer.alloc(0));
  });

  it('shows all partitions in order, and those with a leader', () => {
    const seen: { cluster?: Cluster } = {};
    choose(seenBy(seen), { value: 'v' });
    expect(seen.cluster?.partitionsForTopic('orders').map(({ partition }) => partition)).toEqual([0, 1, 2]);
    expect(seen.cluster?.availablePartitionsForTopic('orders').map(({ partition }) => partition)).toEqual([
      0, 2,
    ]);
    expect(seen.cluster?.partitionsForTopic('another')).toEqual([]);
  });

  it('A-06 lets the partition of the message win', () => {
    expect(choose(new ByKey(), { key: 'k', value: 'v', partition: 2 })).toBe(2);
  });

  it.each([-1, 3, 0.5, NaN])('A-09 refuses %p, which is no partition', (partition) => {
    expect(() => choose({ partition: () => partition }, { value: 'v' })).toThrow(IllegalArgumentError);
  });

  it('configures when it is given a config, and not otherwise', () => {
    const configure = jest.fn();
    const partitioner = { partition: () => 0, configure };
    toKafkaJsPartitioner(partitioner);
    expect(configure).not.toHaveBeenCalled();
    toKafkaJsPartitioner(partitioner, { 'batch.size': 1 });
    expect(configure).toHaveBeenCalledWith({ 'batch.size': 1 });
  });

  describe('in kafkajs on a real broker', () => {
    let kafka: CourseKafka;
    let topic: string;
    beforeAll(async () => {
      kafka = await useKafka();
      topic = await createTopic(kafka, { name: 'kafkajs-partitioner', partitions: PARTITIONS });
    }, 180_000);
    afterAll(async () => {
      await deleteTopics(kafka, [topic]);
      await kafka.stop();
    });

    it('places keys as Java does, and takes turns without', async () => {
      const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
      await send(new ByKey(), keys);
      const placed = await keysByPartition();
      for (const key of keys)
        expect(placed[toPositive(murmur2(Buffer.from(key))) % PARTITIONS]).toContain(key);

      await send(new RoundRobinPartitioner(), keys);
      const counts = (await keysByPartition()).map(
        (inPartition, partition) => inPartition.length - placed[partition]!.length,
      );
      expect(counts).toEqual(Array(PARTITIONS).fill(keys.length / PARTITIONS));
    });

    async function send(partitioner: Partitioner, keys: readonly string[]): Promise<void> {
      const createPartitioner = toKafkaJsPartitioner(partitioner);
      const producer = new Kafka(kafkaJsConfig(kafka)).producer({ createPartitioner });
      await producer.connect();
      await producer.send({ topic, messages: keys.map((key) => ({ key, value: key })) });
      await producer.disconnect();
    }

    function keysByPartition(): Promise<string[][]> {
      return Promise.all(
        Array.from({ length: PARTITIONS }, async (_, partition) => {
          const records = await readLog(kafka, { topic, partition });
          return records.map(({ key }) => key!.toString());
        }),
      );
    }
  });
});

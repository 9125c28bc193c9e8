import { murmur2, toPositive } from '../../../src/producer/index';
import type { Cluster, Partitioner, PartitionerRecord } from '../../../src/producer/index';

interface Stay {
  readonly partition: number;
  room: number;
}

// Counts down instead of up, and draws the next partition as soon as a batch is full instead of when it is needed.
export class StickyPartitioner implements Partitioner {
  private readonly stays: Record<string, Stay> = {};
  private batchSize = 16384;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  configure(config: Record<string, unknown>): void {
    this.batchSize = Number(config['batch.size']);
  }

  partition(record: PartitionerRecord, cluster: Cluster): number {
    const all = cluster.partitionsForTopic(record.topic);
    if (record.keyBytes) return toPositive(murmur2(record.keyBytes)) % all.length;
    const led = all.filter(({ leader }) => leader >= 0).map(({ partition }) => partition);
    const stay = this.stays[record.topic];
    const usable = stay !== undefined && (led.includes(stay.partition) || led.length === 0);
    const here = usable ? stay : this.draw(led, all.length);
    here.room -= record.valueBytes === null ? 0 : record.valueBytes.byteLength;
    this.stays[record.topic] = here.room > 0 ? here : this.draw(led, all.length);
    return here.partition;
  }

  private draw(led: readonly number[], partitions: number): Stay {
    const partition =
      led.length === 0
        ? Math.trunc(this.random() * partitions)
        : led[Math.trunc(this.random() * led.length)]!;
    return { partition, room: this.batchSize };
  }
}

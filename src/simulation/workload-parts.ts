import { Buffer } from 'node:buffer';
import type { ProducerInterceptor } from '../producer/interceptors';
import { BufferPool } from '../producer/internals/buffer-pool';
import type { Partitioner } from '../producer/partitioner';
import type { MemoryPool, ProducerParts, ProducerStamp, SequenceStamper } from '../producer/producer-parts';
import { RoundRobinPartitioner } from '../producer/round-robin-partitioner';
import type { Serializer } from '../producer/serializers';
import type { Clock } from '../support/clock';
import type { UserParts } from './schedule';

/** What the workload hands to the value serializer. */
export interface Payload {
  readonly bytes: Buffer;
  readonly is: 'good' | 'rejected' | 'not-bytes';
}

/** Throws for the values that a schedule calls rejected. */
export class PayloadSerializer implements Serializer<Payload> {
  readonly #shared: Buffer | null;

  /** @param reusesBuffer the same buffer is returned each time, which holds until the next call */
  constructor(reusesBuffer: boolean) {
    this.#shared = reusesBuffer ? Buffer.alloc(65_536) : null;
  }

  serialize(_topic: string, data: Payload | null): Buffer | null {
    if (data === null) return null;
    if (data.is === 'rejected') throw new Error('this value cannot be serialized');
    if (data.is === 'not-bytes') return 'text' as unknown as Buffer;
    if (this.#shared === null || data.bytes.length > this.#shared.length) return data.bytes;
    data.bytes.copy(this.#shared);
    return this.#shared.subarray(0, data.bytes.length);
  }
}

type Interceptor = ProducerInterceptor<Buffer, Payload>;

export function interceptorsOf(kind: UserParts['interceptor']): Interceptor[] {
  const through: Interceptor = { onSend: (record) => record };
  switch (kind) {
    case undefined:
      return [];
    case 'plain':
      return [through];
    case 'throws':
      return [
        {
          onSend: () => {
            throw new Error('onSend threw');
          },
        },
        through,
      ];
    case 'throws-on-acknowledgement':
      return [
        {
          ...through,
          onAcknowledgement: () => {
            throw new Error('onAcknowledgement threw');
          },
        },
      ];
    case 'moves':
      return [{ onSend: (record) => ({ ...record, partition: 0 }) }];
    case 'returns-null':
      return [{ onSend: () => null as never }];
  }
}

export function partitionerOf(kind: UserParts['partitioner']): Partitioner | undefined {
  switch (kind) {
    case undefined:
      return undefined;
    case 'round-robin':
      return new RoundRobinPartitioner();
    case 'throws':
      return {
        partition: () => {
          throw new Error('the partitioner threw');
        },
      };
    case 'out-of-range':
      return { partition: (_record, cluster) => cluster.partitionsForTopic('orders').length };
  }
}

export interface PartsSurroundings {
  readonly clock: Clock;
  readonly bufferMemory: number;
}

/** Null if all parts are the producer's own. */
export function learnersPartsOf(parts: UserParts, surroundings: PartsSurroundings): ProducerParts | null {
  const { bufferPool, isSendable, sequenceTracker } = parts;
  if (bufferPool === undefined && isSendable === undefined && sequenceTracker === undefined) return null;
  return {
    ...(bufferPool === undefined ? {} : { bufferPool: poolOf(bufferPool, surroundings) }),
    ...(isSendable === undefined ? {} : { isSendable: readinessOf(isSendable) }),
    ...(sequenceTracker === undefined ? {} : { sequenceTracker: trackerOf(sequenceTracker) }),
  };
}

function poolOf(
  kind: NonNullable<UserParts['bufferPool']>,
  { bufferMemory, clock }: PartsSurroundings,
): MemoryPool {
  const pool = new BufferPool(bufferMemory, clock);
  // Not an instance of the producer's own class: it takes the ways that a learner's pool takes.
  const fair: MemoryPool = {
    allocate: (size, maxBlockMs) => pool.allocate(size, maxBlockMs),
    deallocate: (size) => pool.deallocate(size),
    get availableMemory() {
      return pool.availableMemory;
    },
    get queued() {
      return pool.queued;
    },
  };
  const replaced = (methods: Partial<MemoryPool>): MemoryPool =>
    Object.defineProperties(
      { ...fair, ...methods },
      {
        availableMemory: { get: () => pool.availableMemory },
        queued: { get: () => pool.queued },
      },
    );
  switch (kind) {
    case 'fair':
      return fair;
    case 'deallocate-throws':
      return replaced({
        deallocate: (size) => {
          pool.deallocate(size);
          throw new Error('deallocate threw');
        },
      });
    case 'allocate-throws':
      return replaced({
        allocate: () => {
          throw new Error('allocate threw');
        },
      });
    case 'allocate-rejects':
      return replaced({ allocate: () => Promise.reject(new Error('allocate rejected')) });
  }
}

function readinessOf(kind: NonNullable<UserParts['isSendable']>): NonNullable<ProducerParts['isSendable']> {
  switch (kind) {
    case 'throws':
      return () => {
        throw new Error('isSendable threw');
      };
    case 'never':
      return () => false;
    case 'always':
      return () => true;
    case 'no-boolean':
      return () => 'yes' as unknown as boolean;
  }
}

type TrackerClass = NonNullable<ProducerParts['sequenceTracker']>;

function trackerOf(kind: NonNullable<UserParts['sequenceTracker']>): TrackerClass {
  switch (kind) {
    case 'right':
      return CountingTracker;
    case 'throws':
      return class extends CountingTracker {
        override stamp(): ProducerStamp {
          throw new Error('stamp threw');
        }
      };
    case 'same-number':
      return class extends CountingTracker {
        override stamp(partition: number): ProducerStamp {
          return { ...super.stamp(partition, 0), baseSequence: 0 };
        }
      };
    case 'gaps':
      return class extends CountingTracker {
        override stamp(partition: number, recordCount: number): ProducerStamp {
          return super.stamp(partition, recordCount + 1);
        }
      };
    case 'foreign-id':
      return class extends CountingTracker {
        override stamp(partition: number, recordCount: number): ProducerStamp {
          return { ...super.stamp(partition, recordCount), producerId: 1n };
        }
      };
  }
}

/** Exercise 10, right. */
class CountingTracker implements SequenceStamper {
  readonly #next = new Map<number, number>();

  constructor(
    private readonly producerId: bigint,
    private epoch: number,
  ) {}

  stamp(partition: number, recordCount: number): ProducerStamp {
    const baseSequence = this.#next.get(partition) ?? 0;
    this.#next.set(partition, (baseSequence + recordCount) % 2 ** 31);
    return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
  }

  bumpEpoch(): void {
    this.epoch++;
    this.#next.clear();
  }
}

import type { VegaLiteSpec } from '../../../src/charts/vega-lite-spec';
import type { MimeBundle } from '../../../src/course/notebook/kernel-host';
import { KAFKAS_RULE, play, STRICT_ORDER, tryBufferPool } from '../../../src/course/notebook/try-buffer-pool';
import { tryChoices } from '../../../src/course/notebook/try-choices';
import { tryIdempotenceRules } from '../../../src/course/notebook/try-idempotence-rules';
import { tryPartitioner } from '../../../src/course/notebook/try-partitioner';
import type { PartitionerExercise } from '../../../src/course/notebook/try-partitioner';
import { trySequenceTracker } from '../../../src/course/notebook/try-sequence-tracker';
import { titleOf } from '../../../src/charts/theme';
import { takeOrders } from '../../../src/lab/order';
import { PriorityPartitioner } from '../../../src/lab/priority-partitioner';
import {
  ConfigError,
  RoundRobinPartitioner,
  TimeoutError,
  murmur2,
  toPositive,
} from '../../../src/producer/index';
import type {
  Cluster,
  MemoryPool,
  Partitioner,
  PartitionerRecord,
  SequenceStamper,
} from '../../../src/producer/index';
import type { Clock } from '../../../src/support/clock';
import { standInForKernel } from '../../support/stand-in-kernel';

let remove: () => void;
let titles: string[];
let printed: string[];

/** Keeps the titles of charts. */
beforeEach(() => {
  titles = [];
  printed = [];
  remove = standInForKernel((data: MimeBundle) => {
    const spec = data['application/vnd.vegalite.v5+json'] as VegaLiteSpec | undefined;
    if (spec !== undefined) titles.push(titleOf(spec));
  });
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => {
  remove();
  jest.restoreAllMocks();
});

function raise(message: string): never {
  throw new Error(message);
}

describe('a partitioner of one’s own beside Kafka’s', () => {
  const orders = takeOrders(1200, { seed: 3, customers: 100, highShare: 0.2 });
  type Place = (record: PartitionerRecord, cluster: Cluster) => number;
  const tried = async (exercise: PartitionerExercise, partition: Place) => {
    class Answer implements Partitioner {
      partition = partition;
    }
    await tryPartitioner(exercise, { Partitioner: Answer, orders, partitions: 6 });
    return [...titles, ...printed].join('\n');
  };
  const key = ({ keyBytes }: PartitionerRecord) => toPositive(murmur2(keyBytes ?? Buffer.alloc(0))) % 6;

  test('06: a right one is told so, a wrong one how many orders lie elsewhere, even when the counts are equal', async () => {
    expect(await tried('06-key-partitioner', key)).toMatch(/places all 1,084 orders as Kafka does/);
    const shifted = (record: PartitionerRecord) => (key(record) + 1) % 6;
    expect(await tried('06-key-partitioner', shifted)).toMatch(/places 1,084 of 1,084 orders elsewhere/);
  });

  test('07: turns may start anywhere, and where they break is named', async () => {
    let turn = 4;
    expect(await tried('07-round-robin-partitioner', () => turn++ % 6)).toMatch(
      /takes turns through all 1,200/,
    );
    let next = 0;
    const skips = () => (next++ < 100 ? next : next + 1) % 6;
    expect(await tried('07-round-robin-partitioner', skips)).toMatch(/breaks the turns at order 101/);
    expect(await tried('07-round-robin-partitioner', () => 0)).toMatch(/breaks the turns at order 1$/m);
  });

  test('08: how long one stays is told beside the rule of the exercise, which is not Kafka’s own', async () => {
    let count = 0;
    const titled = await tried('08-sticky-partitioner', () => Math.floor(count++ / 10) % 6);
    expect(titled).toMatch(/stays for 10 orders on average, the rule of exercise 08 for \d{2,3}$/);
  });

  test('09: HIGH orders that are elsewhere are counted, and a guest’s order may lie anywhere', async () => {
    const priority = new PriorityPartitioner(() => 0.99);
    const right: Place = (record, cluster) => priority.partition(record, cluster);
    expect(await tried('09-priority-partitioner', right)).toMatch(/every HIGH order into partition 0/);
    expect(await tried('09-priority-partitioner', key)).toMatch(/places \d+ of 1,200 orders elsewhere/);
  });

  test.each([
    [
      'a stub',
      () => raise('not started yet'),
      /^Not started yet: open exercises\/06-key-partitioner\/key-part/,
    ],
    ['one that fails', () => raise('boo'), /^Your answer to 06-key-partitioner failed: Error: boo/],
    ['one that returns no partition', () => 6, /order-0000001 into 6, which is no partition from 0 to 5/],
    ['one that returns nothing', () => NaN, /into NaN, which is no partition/],
  ])('%s is told in a sentence', async (_, place, sentence) => {
    expect(await tried('06-key-partitioner', place)).toMatch(sentence);
    expect(titles).toEqual([]);
  });

  test('each trial makes its partitioner anew', async () => {
    await tryPartitioner('07-round-robin-partitioner', {
      Partitioner: RoundRobinPartitioner,
      orders,
      partitions: 5,
    });
    await tryPartitioner('07-round-robin-partitioner', {
      Partitioner: RoundRobinPartitioner,
      orders,
      partitions: 5,
    });
    expect(titles).toEqual([expect.stringMatching('takes turns'), expect.stringMatching('takes turns')]);
  });
});

/** A pool by either rule: with `newcomersFirst` a request that fits is served past those who wait, as in Kafka (D-11). */
class ExamplePool implements MemoryPool {
  protected readonly newcomersFirst: boolean = false;
  #waiters: { missing: number; grant: () => void }[] = [];
  #free: number;
  constructor(
    private readonly total: number,
    private readonly clock: Clock,
  ) {
    this.#free = total;
  }
  get availableMemory(): number {
    return this.#free;
  }
  get queued(): number {
    return this.#waiters.length;
  }
  allocate(size: number, maxBlockMs: number): Promise<void> {
    if (size > this.total) return Promise.reject(new RangeError('too large'));
    if (size <= this.#free && (this.newcomersFirst || this.#waiters.length === 0)) {
      this.#free -= size;
      this.#serve();
      return Promise.resolve();
    }
    if (maxBlockMs === 0) return Promise.reject(new TimeoutError('too late'));
    return new Promise((resolve, reject) => {
      const waiter = { missing: size, grant: resolve };
      this.#waiters.push(waiter);
      this.clock.after(maxBlockMs, () => {
        if (!this.#waiters.includes(waiter)) return;
        this.#waiters = this.#waiters.filter((one) => one !== waiter);
        this.deallocate(size - waiter.missing);
        reject(new TimeoutError('too late'));
      });
    });
  }
  deallocate(size: number): void {
    this.#free += size;
    this.#serve();
  }
  #serve(): void {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      const part = Math.min(first.missing, this.#free);
      first.missing -= part;
      this.#free -= part;
      if (first.missing > 0) return;
      this.#waiters.shift();
      first.grant();
    }
  }
}

class KafkasPool extends ExamplePool {
  protected override readonly newcomersFirst = true;
}

describe('a buffer pool of one’s own beside a strict queue and beside Kafka’s rule', () => {
  test('D-11 the bars are what a strict queue and Kafka’s rule do with these seven requests', async () => {
    expect(await play(ExamplePool)).toEqual(STRICT_ORDER);
    expect(await play(KafkasPool)).toEqual(KAFKAS_RULE);
  });

  test('a strict one is told that it is right', async () => {
    await tryBufferPool(ExamplePool);
    expect(titles).toEqual(['Your pool serves all seven in strict order, as exercise 05 asks']);
  });

  test('one that follows Kafka’s rule is told so, and that the exercise asks for another', async () => {
    await tryBufferPool(KafkasPool);
    expect(titles).toEqual(['Your pool follows Kafka’s rule: C overtakes B, which exercise 05 forbids']);
  });

  test('any other is told which callers it treats differently', async () => {
    class Forgetful extends ExamplePool {
      override deallocate(size: number): void {
        if (size !== 60) super.deallocate(size);
      }
    }
    await tryBufferPool(Forgetful);
    expect(titles).toEqual([expect.stringMatching(/^Your pool treats B, C, E differently from a strict/)]);
  });

  test('one that never grants anything ends all the same', async () => {
    class Silent extends ExamplePool {
      override allocate(): Promise<void> {
        return new Promise(() => {});
      }
    }
    await tryBufferPool(Silent);
    expect(titles).toEqual([expect.stringMatching(/treats A, B, C, D, E, F, G differently/)]);
  });

  test('a stub is told the way', async () => {
    class Stub extends ExamplePool {
      constructor(totalMemory: number, clock: Clock) {
        super(totalMemory, clock);
        raise('not started yet');
      }
    }
    await tryBufferPool(Stub);
    expect(printed).toEqual([expect.stringMatching(/^Not started yet: open exercises\/05-buffer-pool/)]);
  });
});

describe('sequence numbers of one’s own beside the rule', () => {
  class Tracker implements SequenceStamper {
    protected next = new Map<number, number>();
    constructor(
      protected readonly producerId: bigint,
      protected epoch: number,
    ) {}
    stamp(partition: number, recordCount: number) {
      const baseSequence = this.next.get(partition) ?? 0;
      this.next.set(partition, (baseSequence + recordCount) % 2 ** 31);
      return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
    }
    bumpEpoch(): void {
      this.epoch++;
      this.next.clear();
    }
  }

  test('right ones are told so', async () => {
    await trySequenceTracker(Tracker);
    expect(titles).toEqual(['Your tracker numbers all 8 batches by the rule']);
  });

  test('one that keeps counting in a new epoch is told in how many batches', async () => {
    class Forgetless extends Tracker {
      override bumpEpoch(): void {
        this.epoch++;
      }
    }
    await trySequenceTracker(Forgetless);
    expect(titles).toEqual([expect.stringMatching(/numbers 3 of 8 batches differently/)]);
  });

  test('one that does not wrap is told so', async () => {
    class Endless extends Tracker {
      override stamp(partition: number, recordCount: number) {
        const baseSequence = this.next.get(partition) ?? 0;
        this.next.set(partition, baseSequence + recordCount);
        return { producerId: this.producerId, producerEpoch: this.epoch, baseSequence };
      }
    }
    await trySequenceTracker(Endless);
    expect(titles).toEqual([expect.stringMatching(/after 2147483647 comes 2147483648/)]);
  });
});

describe('idempotence rules of one’s own', () => {
  const same = { enableIdempotence: true, acks: 'all', retries: 2_147_483_647, maxInFlight: 5 };

  test('are told on how many configs they agree with Kafka’s', async () => {
    await tryIdempotenceRules(() => same);
    expect(printed[0]).toBe("Your rules agree with Kafka's on 1 of 8 configs.");
  });

  test('a ConfigError is an answer, another error is a failure', async () => {
    await tryIdempotenceRules(() => {
      throw new ConfigError('no');
    });
    expect(printed[0]).toBe("Your rules agree with Kafka's on 3 of 8 configs.");
    await tryIdempotenceRules(() => raise('boo'));
    expect(printed.at(-1)).toBe('Your answer to 12-idempotence-rules failed: Error: boo');
  });
});

describe('settings of one’s own', () => {
  test('a stub that throws while it is read is told the way', async () => {
    await tryChoices({ orders: [], metrics: [], photos: [] }, () => raise('not started yet'));
    expect(printed).toEqual([
      expect.stringMatching(/^Not started yet: open exercises\/16-compression-choice/),
    ]);
  });

  test('a file that does not load costs a sentence', async () => {
    await tryChoices({ orders: [], metrics: [], photos: [] }, () => raise('Unexpected token'));
    expect(printed).toEqual(['Your answer to 16-compression-choice failed: Error: Unexpected token']);
  });
});

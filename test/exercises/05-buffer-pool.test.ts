import { memoryUseChart } from '../../src/charts/memory-use';
import { exercise } from '../../src/course/grading/exercise';
import { WrongAnswer } from '../../src/course/grading/wrong-answer';
import { SeededRandom } from '../../src/support/seeded-random';
import type * as probe from './probes/05-buffer-pool';
import type { Move, Standing } from './probes/05-buffer-pool';
import { brokerTopic } from './support/broker-topic';
import { judgeCarriedLog } from './support/carried-log';
import { MemoryQueue } from './support/memory-queue';

const READ_ON = 'notebook 01-architecture, "All at once"';
/** Long enough never to matter where waiting for it is not the point. */
const LONG_MS = 60_000;

const ask = (id: string, size: number, maxBlockMs = LONG_MS): Move => ({
  do: 'allocate',
  id,
  size,
  maxBlockMs,
});
const give = (size: number): Move => ({ do: 'deallocate', size });
const wait = (ms: number): Move => ({ do: 'advance', ms });
const atOnce = (move: Move): Move => ({ ...move, andThen: true });

exercise<typeof probe>('05-buffer-pool', { exports: ['BufferPool'] }, ({ graded, run, kafka, chart }) => {
  async function judge(totalMemory: number, moves: readonly Move[], why = ''): Promise<void> {
    const standings = await run('play', { totalMemory, moves });
    const model = new MemoryQueue(totalMemory);
    let next = 0;
    for (const [index, move] of moves.entries()) {
      model.play(move);
      if (move.andThen) continue;
      const expected = model.standing();
      const seen = standings[next++]!;
      if (isAsExpected(seen, expected)) continue;
      throw new WrongAnswer({
        seen: `in a pool of ${totalMemory} bytes, after ${story(moves, index)}: ${inWords(seen, expected)}`,
        expected: `${inWords(expected, expected)}${why === '' ? '' : `: ${why}`}`,
        readOn: READ_ON,
      });
    }
  }

  graded('gives out what is there at once, and counts it', async () => {
    await judge(100, [ask('A', 60), ask('B', 40), give(60), ask('C', 10), give(40), give(10)]);
    await judge(100, [ask('A', 100), give(100), ask('B', 100)], 'exactly the whole pool can be had');
    await judge(
      20_000_000_000,
      [ask('A', 2_000_000_000), ask('B', 3_000_000_000), give(2_000_000_000), give(3_000_000_000)],
      'a pool may be larger than 32 bits can count',
    );
  });

  graded('refuses at once what can never be had, or not without waiting', async () => {
    await judge(1_024, [ask('A', 1_025), ask('B', 1_024)], 'no waiting makes the pool larger');
    await judge(100, [ask('A', 100), ask('B', 101), give(100)], 'whoever waits or not');
    await judge(
      100,
      [ask('A', 70), ask('B', 31, 0), ask('C', 30, 0)],
      'maxBlockMs 0 means not to wait at all',
    );
  });

  graded('serves those who wait in the order in which they asked', async () => {
    await judge(
      100,
      [ask('A', 60), ask('B', 80), ask('C', 10), give(60)],
      'C would fit at once, but B asked first',
    );
    await judge(
      100,
      [ask('A', 60), ask('B', 40), ask('C', 80), give(40), ask('D', 10), give(60)],
      'what comes free belongs to C, who asked first',
    );
    await judge(
      100,
      [ask('A', 100), ask('B', 30), ask('C', 30), ask('D', 50), ask('E', 5), give(100), give(30), give(30)],
      'one release serves all for whom it is enough, from the front, and nobody behind the first for whom it is not',
    );
    await judge(
      100,
      [ask('A', 100), ask('B', 80), atOnce(give(100)), ask('C', 30), give(80)],
      'the memory belongs to B from the moment it is freed, not only when B wakes up',
    );
  });

  graded('lets go whoever has waited too long, and keeps nothing of theirs', async () => {
    await judge(
      100,
      [ask('A', 100), ask('B', 80, 50), wait(49), wait(1), give(100), ask('C', 100)],
      'maxBlockMs was 50',
    );
    await judge(
      100,
      [ask('A', 60), ask('B', 40), ask('C', 80, 50), give(40), wait(50), ask('D', 40), give(60)],
      'what C had put aside is free again when C gives up',
    );
    await judge(
      100,
      [ask('A', 60), ask('B', 80, 50), ask('C', 30), wait(50), give(60)],
      'B held up C; with B gone there is enough for C',
    );
    await judge(
      100,
      [ask('A', 100), ask('B', 80), ask('C', 10, 50), wait(50), give(100), give(80)],
      'C left from the middle of the queue, and gets nothing afterwards',
    );
    await judge(
      100,
      [ask('A', 100), ask('B', 80, 50), wait(20), give(100), wait(100), give(80)],
      'B got its memory in time, so its time-out means nothing any more',
    );
  });

  graded('keeps order and account through 2,000 random moves', async () => {
    for (const seed of [1, 2, 3, 4]) {
      await judge(1_000, randomMoves(seed, 500), 'as a strict queue has it');
    }
  });

  graded('carries 5,000 records inside the real producer', async () => {
    // A stub, and an answer that does not load, are told so before a broker is asked for.
    await run('play', { totalMemory: 100, moves: [ask('A', 1), give(1)] });
    // Room for eight batches, and 24 senders for six partitions: most of the time somebody waits.
    const totalBytes = 8_192;
    const config = {
      'batch.size': 1_024,
      'buffer.memory': totalBytes,
      'linger.ms': 5,
      'max.block.ms': 60_000,
    };
    const partitions = Array.from({ length: 5_000 }, (_, number) => number % 6);
    await brokerTopic(await kafka(), { name: 'buffer-pool', partitions: 6 }, async (broker) => {
      const { topic, connect } = broker;
      const { carried, samples } = await run('carryRecords', { ...connect, topic, partitions, config });
      const subtitle = '5,000 records through the real producer, with your BufferPool for its buffer.memory';
      chart(memoryUseChart({ samples, totalBytes, subtitle }));
      const stored = await broker.readRecords();
      judgeCarriedLog({ part: 'BufferPool', partitions, carried, stored, readOn: READ_ON, inOrder: false });
      const last = samples.at(-1)!;
      if (last.availableBytes === totalBytes && last.waiting === 0) return;
      throw new WrongAnswer({
        seen: `after 5,000 records of the real producer, availableMemory is ${last.availableBytes} and queued ${last.waiting}`,
        expected: `${totalBytes} and 0: the producer has given back everything that it got`,
        readOn: READ_ON,
      });
    });
  });
});

/** Requests, releases and waits as they come, a quarter of the releases with a newcomer on their heels. */
function randomMoves(seed: number, count: number): Move[] {
  const random = new SeededRandom(seed);
  const upTo = (max: number): number => random.integer(1, max);
  const model = new MemoryQueue(1_000);
  const moves: Move[] = [];
  const held: number[] = [];
  const sizes = new Map<string, number>();
  const play = (move: Move): void => {
    moves.push(move);
    model.play(move);
    if (move.andThen) return;
    for (const { id, outcome } of model.standing().settled)
      if (outcome === 'granted') held.push(sizes.get(id)!);
  };
  const newcomer = (): Move => {
    const id = `#${sizes.size + 1}`;
    const size = upTo(10) === 1 ? upTo(1_000) : upTo(300);
    let maxBlockMs = upTo(40);
    while (model.isDue(model.nowMs + maxBlockMs)) maxBlockMs += 1;
    sizes.set(id, size);
    return ask(id, size, maxBlockMs);
  };
  while (moves.length < count) {
    const kind = upTo(10);
    if (kind <= 5) play(newcomer());
    else if (kind === 6) play(wait(upTo(10)));
    else if (held.length > 0) {
      const release = give(held.splice(upTo(held.length) - 1, 1)[0]!);
      if (upTo(4) > 1) play(release);
      else {
        play(atOnce(release));
        play(newcomer());
      }
    }
  }
  return moves;
}

/**
 * The memory is looked at only while nobody waits: whether the first in the queue puts something aside is free. And among
 * those who were served by one move it is free whose promise settles first: they all have their memory.
 */
function isAsExpected(seen: Standing, expected: Standing): boolean {
  return (
    settledInWords(seen) === settledInWords(expected) &&
    seen.queued === expected.queued &&
    (expected.queued !== 0 || seen.availableMemory === expected.availableMemory)
  );
}

function inWords(standing: Standing, expected: Standing): string {
  const memory = expected.queued === 0 ? `, availableMemory ${standing.availableMemory}` : '';
  return `${settledInWords(standing) || 'nothing was settled'}, queued ${standing.queued}${memory}`;
}

function settledInWords({ settled }: Standing): string {
  return [...settled]
    .sort((a, b) => a.id.localeCompare(b.id))
    .map(({ id, outcome }) => (outcome === 'granted' ? `${id} got its memory` : `${id} got ${outcome}`))
    .join(', ');
}

/** The moves up to this one; of a long story only its end. */
function story(moves: readonly Move[], last: number): string {
  const first = Math.max(0, last - 8);
  const told = moves.slice(first, last + 1).map((move) => {
    if (move.do === 'advance') return `${move.ms} ms`;
    if (move.do === 'deallocate') return `deallocate(${move.size})`;
    return `${move.id}: allocate(${move.size}, ${move.maxBlockMs})`;
  });
  return `${first === 0 ? '' : `${first} other moves, then `}${told.join(' → ')}`;
}

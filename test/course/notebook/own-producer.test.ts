import { useKafka } from '../../../src/broker/index';
import { NotebookKafka } from '../../../src/course/notebook/notebook-kafka';
import { raceProducers, solvedParts } from '../../../src/course/notebook/own-producer';
import type { LearnersParts } from '../../../src/course/notebook/own-producer';
import { isSendable } from '../../../solutions/04-batch-readiness/batch-readiness';
import { BufferPool } from '../../../solutions/05-buffer-pool/buffer-pool';
import { KeyPartitioner } from '../../../solutions/06-key-partitioner/key-partitioner';
import { StickyPartitioner } from '../../../solutions/08-sticky-partitioner/sticky-partitioner';
import { SequenceTracker } from '../../../solutions/10-sequence-numbers/sequence-tracker';
import { orderSerializer } from '../../../solutions/15-fast-serializer/order-serializer';

const SOLVED: LearnersParts = {
  isSendable,
  bufferPool: BufferPool,
  sequenceTracker: SequenceTracker,
  partitioner: new KeyPartitioner(),
  serializer: orderSerializer,
};

describe('a producer with parts of one’s own', () => {
  let shown: string;
  beforeEach(() => {
    shown = '';
    jest.spyOn(console, 'log').mockImplementation((text: string) => void (shown += `${text}\n`));
  });

  test('has every part that is solved', async () => {
    expect(await solvedParts(SOLVED)).toEqual(SOLVED);
    expect(shown).not.toContain('built in');
  });

  test('has the built-in part where one is not started, fails or answers wrongly, and says which', async () => {
    const notStarted = () => {
      throw new Error('not started yet');
    };
    const parts = {
      ...SOLVED,
      isSendable: notStarted,
      serializer: {
        serialize: () => {
          throw new TypeError('no such field');
        },
      },
      partitioner: { partition: () => 99 },
    };
    expect(Object.keys(await solvedParts(parts))).toEqual(['bufferPool', 'sequenceTracker']);
    expect(shown).toMatch(/isSendable +04-batch-readiness +built in \(yours is not started yet\)/);
    expect(shown).toMatch(/serializer .*built in \(yours fails: TypeError: no such field\)/);
    expect(shown).toMatch(/partitioner .*built in \(yours answers wrongly/);
  });

  test('delivers every order once, and each customer’s in order, like the built-in one', async () => {
    const kafka = new NotebookKafka(await useKafka());
    try {
      const once = { inLog: 300, eachOnce: true, customersInOrder: true };
      for (const partitioner of [new KeyPartitioner(), new StickyPartitioner()]) {
        let runs = 0;
        const own = await solvedParts({ ...SOLVED, partitioner });
        const race = await raceProducers(kafka, own, { orders: 300, onRun: () => runs++ });
        expect(race.yours).toMatchObject(once);
        expect(race.builtIn).toMatchObject(once);
        expect(runs).toBe(7);
      }
    } finally {
      await kafka.close();
    }
  }, 120_000);

  test('is told from the built-in one when its parts lose or reorder', async () => {
    const kafka = new NotebookKafka(await useKafka());
    try {
      let turn = 0;
      const inTurn = { partition: () => turn++ % 3 };
      const race = await raceProducers(kafka, { partitioner: inTurn }, { orders: 300 });
      expect(race.yours).toMatchObject({ eachOnce: true, customersInOrder: false });
      expect(race.builtIn.customersInOrder).toBe(true);
    } finally {
      await kafka.close();
    }
  }, 120_000);
});

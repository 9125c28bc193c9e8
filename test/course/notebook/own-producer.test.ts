import fs from 'node:fs';
import path from 'node:path';
import { useKafka } from '../../../src/broker/index';
import { NotebookKafka } from '../../../src/course/notebook/notebook-kafka';
import { raceProducers, solvedParts } from '../../../src/course/notebook/own-producer';
import type { LearnersParts } from '../../../src/course/notebook/own-producer';
import type { Partitioner } from '../../../src/producer/index';

const SOLUTIONS = path.join(__dirname, '..', '..', '..', 'solutions');
const HAS_SOLUTIONS = fs.existsSync(SOLUTIONS);
const describeSolved = HAS_SOLUTIONS ? describe : describe.skip;
const reason = HAS_SOLUTIONS ? '' : ' (skipped: this branch has no solutions)';

/** Asked for by name and not imported: a learner's branch has to load this file as well. */
function solution<Exports extends object>(file: string): Exports {
  return jest.requireActual<Exports>(path.join(SOLUTIONS, file));
}

describeSolved(`a producer with parts of one’s own${reason}`, () => {
  let SOLVED: LearnersParts;
  let partitioners: Partitioner[];
  let shown: string;

  beforeAll(() => {
    type Named<Name extends string, Value> = Readonly<Record<Name, Value>>;
    const one = <Name extends string, Value>(name: Name, file: string): Value =>
      solution<Named<Name, Value>>(file)[name];
    const KeyPartitioner = one<'KeyPartitioner', new () => Partitioner>(
      'KeyPartitioner',
      '06-key-partitioner/key-partitioner',
    );
    const StickyPartitioner = one<'StickyPartitioner', new () => Partitioner>(
      'StickyPartitioner',
      '08-sticky-partitioner/sticky-partitioner',
    );
    partitioners = [new KeyPartitioner(), new StickyPartitioner()];
    SOLVED = {
      isSendable: one('isSendable', '04-batch-readiness/batch-readiness'),
      bufferPool: one('BufferPool', '05-buffer-pool/buffer-pool'),
      sequenceTracker: one('SequenceTracker', '10-sequence-numbers/sequence-tracker'),
      partitioner: partitioners[0]!,
      serializer: one('orderSerializer', '15-fast-serializer/order-serializer'),
    };
  });

  beforeEach(() => {
    shown = '';
    jest.spyOn(console, 'log').mockImplementation((text: string) => void (shown += `${text}\n`));
  });

  test('has every part that is solved', async () => {
    expect(await solvedParts(SOLVED)).toEqual(SOLVED);
    expect(shown).not.toContain('built in');
  });

  test('has the built-in part where one is not started, fails or gives a wrong result, and says which', async () => {
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
    expect(shown).toMatch(/partitioner .*built in \(yours gives a wrong result/);
  });

  test('delivers every order once, and each customer’s in order, like the built-in one', async () => {
    const kafka = new NotebookKafka(await useKafka());
    try {
      const once = { inLog: 300, eachOnce: true, customersInOrder: true };
      for (const partitioner of partitioners) {
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

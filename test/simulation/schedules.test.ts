import { runSchedule } from '../../src/simulation/run-schedule';
import { search } from '../../src/simulation/run-search';
import { sampleSchedule } from './support/sample-schedule';

const RUNS = 300;
/** Another one with COURSE_SEED: what it finds is replayed with `npm run simulate -- --seed …`. */
const SEED = Number(process.env['COURSE_SEED'] ?? 1);

describe('The simulation', () => {
  it(`finds no broken promise in ${RUNS} schedules`, async () => {
    const { runs, counterexample } = await search({ seed: SEED, runs: RUNS });
    expect(counterexample?.broken ?? []).toEqual([]);
    expect(runs).toBe(RUNS);
  });

  it.each([1, 2, 3])(
    'runs schedule %i of a seed in the same way each time, event for event',
    async (number) => {
      const schedule = sampleSchedule(7, number);
      const traces = [];
      for (let time = 0; time < 2; time++) {
        const { trace } = await runSchedule(schedule);
        traces.push(
          JSON.stringify(trace, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
        );
      }
      expect(traces[0]!.length).toBeGreaterThan(100);
      expect(traces[1]).toBe(traces[0]);
    },
  );
});

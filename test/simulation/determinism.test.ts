import fc from 'fast-check';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { runSchedule } from '../../src/simulation/run-schedule';
import { schedules } from '../../src/simulation/schedule-arbitrary';
import { digestOf, textOf } from './print-digest';

const RUNS = 40;
const SEED = 2024;

const IN_ANOTHER_PROCESS = `
  require('./src/support/typescript-loader.cjs');
  const { printDigest } = require('./test/simulation/print-digest.ts');
  void printDigest(${SEED}, ${RUNS});
`;

describe('one seed, one run', () => {
  it('the same schedules give the same traces, requests, outcomes and logs, byte for byte, twice in one process', async () => {
    expect(await digestOf(SEED, RUNS)).toBe(await digestOf(SEED, RUNS));
  });

  it('and in another process', async () => {
    const root = path.join(__dirname, '..', '..');
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', IN_ANOTHER_PROCESS], { cwd: root });
    expect(stdout.trim()).toBe(await digestOf(SEED, RUNS));
  });

  it('uses neither the clock nor the random numbers of the process', async () => {
    const [schedule] = fc.sample(schedules(), { seed: 7, numRuns: 1 });
    const expected = textOf(await runSchedule(schedule!));
    const { random } = Math;
    const { now } = Date;
    Math.random = () => 0.123;
    Date.now = () => 42;
    try {
      expect(textOf(await runSchedule(schedule!))).toBe(expected);
    } finally {
      Math.random = random;
      Date.now = now;
    }
  });
});

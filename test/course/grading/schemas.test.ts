import { EXERCISES } from '../../../src/course/exercises/manifest';
import { classResult } from '../../../src/course/gradebook/class-result';
import type { TestResult } from '../../../src/course/grading/result';
import { madeExercise, madeGrading, madeTest } from '../../support/made-results';
import { schemaComplaints } from '../../support/schemas';

const [first] = EXERCISES;
const { slug } = first!;
const wrong: TestResult = {
  ...madeTest(slug, 'is wrong', 'fail', 'Seen: a\nExpected: b\nRead on: c'),
  ...{ seen: 'a', expected: 'b', readOn: 'c' },
};
const exercise = madeExercise(slug, [madeTest(slug, 'is right', 'pass'), wrong]);

describe('the published schemas', () => {
  it('describe all of a grading', () => {
    expect(schemaComplaints('grading-result', madeGrading([exercise]))).toEqual([]);
  });

  it('describe all of a gradebook', () => {
    const submission = {
      ...{ name: 'ada', lmsId: '7', answers: new Map<string, string>() },
      ...{ submitted: new Date('2026-11-20T12:00:00Z'), late: undefined, notes: ['a note'] },
    };
    const result = classResult([{ submission, exercises: [exercise], attempt: 1, remembered: false }], {
      kafka: { kind: 'embedded', version: '4.4.0', brokers: 1 },
      total: 1,
      overrides: [{ submission: 'ada', slug, points: 2, comment: 'fine' }],
      weights: { [slug]: 2 },
      due: new Date('2026-11-19T12:00:00Z'),
      anonymous: false,
      pageOf: (name) => name,
    });
    expect(result.submissions[0]).toMatchObject({ late: true, score: 2, percent: 100 });
    expect(result.submissions[0]!.exercises[0]).toMatchObject({ gradedScore: 1, comment: 'fine' });
    expect(schemaComplaints('gradebook', result)).toEqual([]);
  });

  it('notice a field that they do not describe, and one that is gone', () => {
    const { gradedAt: _, ...rest } = madeGrading([]);
    expect(schemaComplaints('grading-result', { ...rest, more: 1 })).toEqual([
      " must have required property 'gradedAt'",
      ' must NOT have additional properties',
    ]);
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { canvasGrades } from '../../../src/course/classroom/canvas';
import { learnersFiles } from '../../../src/course/classroom/export-files';
import { classroomWorkflow } from '../../../src/course/classroom/github-classroom';
import { gradescopeResults } from '../../../src/course/classroom/gradescope-results';
import { moodleWorksheet } from '../../../src/course/classroom/moodle';
import { EXERCISES } from '../../../src/course/exercises/manifest';
import type { ClassResult, SubmissionResult } from '../../../src/course/gradebook/class-result';
import { madeExercise, madeGrading, madeTest } from '../../support/made-results';

const SLUG = '06-key-partitioner';
const half = madeExercise(SLUG, [madeTest(SLUG, 'one', 'pass'), madeTest(SLUG, 'two', 'fail', 'Seen: a')]);
const open = madeExercise(SLUG, [madeTest(SLUG, 'one', 'not-judged', 'no broker')]);

function row(name: string, lmsId: string, exercise = half): SubmissionResult {
  const { score, maxScore, notJudged } = exercise;
  return {
    ...{ name, lmsId, score, maxScore, notJudged, percent: (100 * score) / maxScore },
    ...{ submittedAt: null, late: null, attempt: 1, comment: '=see me', notes: [], exercises: [exercise] },
    page: 'reports/gradebook/x.html',
  };
}

function classOf(...submissions: SubmissionResult[]): ClassResult {
  const { version, course, gradedAt, kafka } = madeGrading([]);
  return { version, course, gradedAt, kafka, weights: {}, due: null, total: submissions.length, submissions };
}

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lms-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

function file(text: string): string {
  const name = path.join(folder, 'sheet.csv');
  fs.writeFileSync(name, text);
  return name;
}
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

describe("Moodle's grading worksheet", () => {
  const HEAD =
    '\uFEFFIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"';
  const line = (number: number, name: string): string =>
    `"Participant ${number}","${name}",a@b.c,"Submitted for grading",,"20,00",Yes,"Friday, 20 November 2026, 10:00 AM",-,`;

  it('gets a grade out of its own maximum by the number, else by the name, and keeps all columns', () => {
    const sheet = file([HEAD, line(7, 'Ada'), line(8, 'Bob'), line(9, 'Zoe')].join('\n'));
    const { csv, filled, strangers } = moodleWorksheet(
      sheet,
      classOf(row('Ada Lovelace', '7'), row('Bob', '')),
    );
    const rows = rowsOf(csv);
    expect(rows.map((one) => one['Grade'])).toEqual(['10.00', '10.00', '']);
    expect(rows[0]!['Feedback comments']).toMatch(/^1 of 2 points\. 06-key-partitioner 1\/2\. =see me/);
    expect(rows[2]).toMatchObject({
      Identifier: 'Participant 9',
      'Full name': 'Zoe',
      'Feedback comments': '',
    });
    expect({ filled, strangers }).toEqual({ filled: 2, strangers: [] });
  });

  it('leaves empty what was not judged, and names who has no row', () => {
    const sheet = file([HEAD, line(7, 'Ada')].join('\n'));
    const { csv, filled, strangers } = moodleWorksheet(
      sheet,
      classOf(row('Ada', '7', open), row('Eve', '99')),
    );
    expect(rowsOf(csv)[0]!['Grade']).toBe('');
    expect({ filled, strangers }).toEqual({ filled: 0, strangers: ['Eve'] });
  });

  it('says so when it is another file', () => {
    expect(() => moodleWorksheet(file('a,b\n1,2\n'), classOf())).toThrow(/no column "Identifier"/);
  });
});

describe("Canvas's gradebook", () => {
  const EXPORT = [
    'Student,ID,SIS User ID,SIS Login ID,Section,Kafka (4711),Other (12)',
    '    Points Possible,,,,,50,10',
    '"Lovelace, Ada",7,,ada,One,,3',
    '"Hopper, Grace",8,,grace,One,,4',
  ].join('\n');

  it('gets one column, as a share of its points, with the rows of those who were graded', () => {
    const result = classOf(row('lovelaceada', '7'), row('hoppergrace', '8', open), row('evemallory', '9'));
    const { csv, filled, strangers } = canvasGrades(file(EXPORT), 'Kafka', result);
    expect(csv.split('\n')[0]).toBe('Student,ID,SIS User ID,SIS Login ID,Section,Kafka (4711)');
    expect(rowsOf(csv).map((one) => [one['ID'], one['Kafka (4711)']])).toEqual([
      ['', '50'],
      ['7', '25.00'],
    ]);
    expect({ filled, strangers }).toEqual({ filled: 1, strangers: ['evemallory'] });
  });

  it('names the assignments when there is none of that name', () => {
    expect(() => canvasGrades(file(EXPORT), 'Rabbit', classOf())).toThrow(
      /its columns are Kafka \(4711\), Other \(12\)/,
    );
  });
});

describe('Gradescope', () => {
  it('hears of every test, with its points and what it said', () => {
    const results = gradescopeResults(madeGrading([half]), ['a note']);
    expect(results).toMatchObject({ score: 1, output: expect.stringContaining('a note') as string });
    expect(results.tests).toEqual([
      expect.objectContaining({
        name: `${SLUG}: one`,
        number: '6.1',
        score: 1,
        max_score: 1,
        status: 'passed',
      }),
      expect.objectContaining({
        name: `${SLUG}: two`,
        number: '6.2',
        score: 0,
        max_score: 1,
        status: 'failed',
        output: 'Seen: a',
      }),
    ]);
  });

  it('gets no result without a verdict on everything', () => {
    expect(() => gradescopeResults(madeGrading([open]), [])).toThrow(/no result/);
  });

  it('gets no file that gives an answer away', () => {
    const names = [...learnersFiles().keys()];
    expect(
      names.filter((name) =>
        /^(?:solutions|test\/(?:wrong|right)-answers|test\/mutants|\.git(?:hub)?)\//.test(name),
      ),
    ).toEqual([]);
    for (const folder of ['exercises', 'stubs']) {
      const text = learnersFiles().get(`${folder}/${SLUG}/key-partitioner.ts`)!.toString();
      expect(text).toContain('not started yet');
    }
  });
});

describe('GitHub Classroom', () => {
  it('has a step for each exercise, strict, with its points, and a reporter that names them all', () => {
    const workflow = classroomWorkflow(EXERCISES, { [SLUG]: 4, '17-predict': 3.25 });
    expect(workflow.match(/classroom-resources\/autograding-command-grader@v1/g)).toHaveLength(
      EXERCISES.length,
    );
    expect(workflow).toMatch(
      /command: npm run --silent grade -- 06-key-partitioner --strict\n {10}timeout: 10\n {10}max-score: 4\n/,
    );
    expect(workflow).toMatch(/test-name: 17-predict\n[^]*?max-score: 3\n/);
    const runners = /runners: (.*)/.exec(workflow)![1]!.split(',');
    expect(runners).toHaveLength(EXERCISES.length);
    for (const id of runners) {
      expect(workflow).toContain(`        id: ${id}\n`);
      expect(workflow).toContain(`${id.toUpperCase()}_RESULTS: '\${{ steps.${id}.outputs.result }}'`);
    }
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkClaims } from '../../../src/tools/claims/check-claims';
import type { Claim } from '../../../src/tools/claims/check-claims';

const PAGE = 'notebooks/01-small.ipynb';
const CELLS = [
  { id: 'told', cell_type: 'markdown', source: ['A batch **leaves** when it is\n', '> full.'] },
  { id: 'checks', cell_type: 'code', source: ["claim(full, 'it left');"] },
  { id: 'silent', cell_type: 'code', source: ['console.log(1);'] },
];
const TEST = "it('D-11 D-12 serves in order', () => {});";

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'claims-'));
  for (const folder of ['docs/claims', 'notebooks', 'test/some']) {
    fs.mkdirSync(path.join(root, folder), { recursive: true });
  }
  fs.writeFileSync(path.join(root, PAGE), JSON.stringify({ cells: CELLS }));
  fs.writeFileSync(path.join(root, 'test/some/pool.test.ts'), TEST);
  fs.writeFileSync(path.join(root, 'docs/claims/checked-against.json'), '{ "kafka": "4.4.0" }');
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function check(claim: Partial<Claim>, kafkaVersion = '4.4.0') {
  const whole = { says: 'A batch leaves when it is full', shown: ['cell checks'], ...claim };
  const file = JSON.stringify({ page: PAGE, claims: [whole] });
  fs.writeFileSync(path.join(root, 'docs/claims/small.json'), file);
  const classes = {
    complaintAbout: (citation: string) => (citation === 'BufferPool#allocate' ? null : 'there is none'),
  };
  return checkClaims({ root, kafkaVersion, classes });
}

test('a claim that the page makes and that a cell, a test, a row and a member of Kafka show is accepted', () => {
  const shown = [
    'cell checks',
    'test test/some/pool.test.ts › serves in order',
    'row D-12',
    'kafka BufferPool#allocate',
  ];
  expect(check({ shown })).toEqual({ claims: 1, complaints: [] });
});

test.each([
  [
    'a sentence that the page no longer has',
    { says: 'A batch leaves at noon' },
    /does not say this any more/,
  ],
  ['a claim without evidence', { shown: [] }, /nothing shows it/],
  ['a cell that is gone', { shown: ['cell gone'] }, /no code cell gone/],
  ['a cell of text', { shown: ['cell told'] }, /no code cell told/],
  ['a cell that checks nothing', { shown: ['cell silent'] }, /checks nothing/],
  [
    'a file of tests that is gone',
    { shown: ['test test/some/gone.test.ts › x'] },
    /no file test\/some\/gone/,
  ],
  ['a test that is gone', { shown: ['test test/some/pool.test.ts › overtakes'] }, /no test "overtakes"/],
  ['a test without a title', { shown: ['test test/some/pool.test.ts'] }, /no test ""/],
  ['a row without a test', { shown: ['row D-1'] }, /no test is called D-1 /],
  ['a member that Kafka does not have', { shown: ['kafka BufferPool#steal'] }, /there is none/],
  ['anything else', { shown: ['I said so'] }, /is no evidence/],
])('%s is a complaint', (_, claim: Partial<Claim>, complaint) => {
  expect(check(claim).complaints).toEqual([expect.stringMatching(complaint)]);
});

test('another Kafka than the claims were shown for is a complaint that says what to do', () => {
  expect(check({}, '4.5.0').complaints).toEqual([
    expect.stringMatching(
      /shown for Kafka 4\.4\.0, and the course now has 4\.5\.0: run the tests and notebooks/,
    ),
  ]);
});

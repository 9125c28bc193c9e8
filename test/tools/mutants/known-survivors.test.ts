import { inWords, matchSurvivors, parseSurvivors } from '../../../src/tools/mutants/known-survivors';

const FILE = 'test/mutants/99-x.diff';
const parse = (...lines: string[]) => parseSurvivors(lines.join('\n'), FILE);

describe('parseSurvivors', () => {
  it('reads entries as the gate prints them, with their proof', () => {
    const [first, second, ...others] = parse(
      'equivalent: One is as good as the other.',
      '- if (a) {',
      '-',
      '-   b();',
      '- }',
      '+ if (a) {}',
      '',
      'allowed: Left to the learner.',
      '- c();',
      '',
    );
    expect(first).toEqual({
      kind: 'equivalent',
      because: 'One is as good as the other.',
      at: `${FILE}:1`,
      before: ['if (a) {', '', '  b();', '}'],
      after: ['if (a) {}'],
    });
    expect(second).toMatchObject({ kind: 'allowed', at: `${FILE}:8`, before: ['c();'], after: [] });
    expect(others).toEqual([]);
  });

  it.each([
    ['an entry without a proof', ['equivalent: '], ':1: expected "equivalent: why"'],
    ['an entry of another kind', ['harmless: why'], ':1: expected "equivalent: why"'],
    ['a diff that nothing stands above', ['- a', '+ b'], ':1: expected "equivalent: why"'],
    [
      'entries without a blank line between',
      ['allowed: why', '- a', 'allowed: why'],
      ':3: expected a line of the diff',
    ],
  ])('refuses %s, and names the line', (_, lines, complaint) => {
    expect(() => parse(...lines)).toThrow(FILE + complaint);
  });
});

describe('matchSurvivors', () => {
  const larger = { before: ['if (a > b) {'], after: ['if (a >= b) {'] };
  const always = { before: ['if (a > b) {'], after: ['if (true) {'] };
  const entry = parse('allowed: Left to the learner.', '- if (a > b) {', '+ if (a >= b) {');

  it('finds the mutant that an entry speaks of, wherever its lines have moved', () => {
    const { of, complaints } = matchSurvivors([always, larger], entry);
    expect([...of.keys()]).toEqual([larger]);
    expect(complaints).toEqual([]);
  });

  it('reads back what it has printed, blank lines included', () => {
    const removed = { before: ['a();', '', 'b();'], after: [] };
    const { of, complaints } = matchSurvivors(
      [removed],
      parse('equivalent: Why.', ...inWords(removed).split('\n')),
    );
    expect([...of.keys()]).toEqual([removed]);
    expect(complaints).toEqual([]);
  });

  it('complains of an entry that fits no mutant any more', () => {
    expect(matchSurvivors([always], entry).complaints).toEqual([
      expect.stringMatching(/^test\/mutants\/99-x\.diff:1 fits no mutant any more/),
    ]);
  });

  it('complains of an entry that would excuse two mutants with one proof', () => {
    expect(matchSurvivors([larger, { ...larger }], entry).complaints).toEqual([
      expect.stringMatching(/fits 2 mutants/),
    ]);
  });
});

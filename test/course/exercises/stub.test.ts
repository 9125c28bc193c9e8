import { markedParts, stubFromSolution } from '../../../src/course/exercises/stub';

const stub = (...lines: string[]): string[] => stubFromSolution(lines.join('\n'), '99-x/x.ts').split('\n');

describe('stubFromSolution', () => {
  it('puts the TODO and the known error in place of a marked part', () => {
    expect(
      stub(
        'function f() {',
        '  // @todo Return one.',
        '  // Not two.',
        '  return 1;',
        '  // why one',
        '  // @end',
        '}',
      ),
    ).toEqual([
      'function f() {',
      '  // TODO: Return one.',
      '  // Not two.',
      "  throw new Error('not started yet');",
      '}',
    ]);
  });

  it('puts the given code there instead, where there is some', () => {
    expect(
      stub('// @todo Choose.', '// @stub export const x = 0;', 'export const x = 7;', '// @end'),
    ).toEqual(['// TODO: Choose.', 'export const x = 0;']);
  });

  it('finds the marks also in a file with the line ends of Windows', () => {
    expect(stubFromSolution('// @todo Choose.\r\n// @stub x = 0;\r\nx = 7;\r\n// @end\r\n', 'x.ts')).toBe(
      '// TODO: Choose.\nx = 0;\n',
    );
    expect(markedParts('a();\r\n// @todo b\r\nb();\r\n// @end\r\n')).toEqual([{ firstLine: 1, lastLine: 3 }]);
  });

  it.each([
    ['without an "@end"', ['// @todo a', 'x();']],
    ['without a "@todo"', ['x();', '// @end', '// @todo a', '// @end']],
    ['has its "@end"', ['// @todo a', '// @todo b', '// @end']],
    ['no "@todo"', ['x();']],
  ])('refuses markers that do not pair: %s', (complaint, lines) => {
    expect(() => stub(...lines)).toThrow(complaint);
  });
});

describe('markedParts', () => {
  it('says where a learner writes: from each TODO to its end, counted from 0', () => {
    const lines = ['a();', '// @todo One.', 'b();', '// @end', 'c();', '  // @todo Two.', '  // @end', ''];
    expect(markedParts(lines.join('\n'))).toEqual([
      { firstLine: 1, lastLine: 3 },
      { firstLine: 5, lastLine: 6 },
    ]);
  });
});

import { administratorsCommands, learners } from '../../../src/course/classroom/learner-rights';

describe('the learners of a class', () => {
  it('get a prefix each, as their own commands will read it', () => {
    expect(learners(['ada', 'b.o@school'])).toEqual([
      { user: 'ada', prefix: 'course-ada-' },
      { user: 'b.o@school', prefix: 'course-b-o-school-' },
    ]);
    expect(learners(['ada'], 'class7_ada_')).toEqual([{ user: 'ada', prefix: 'class7_ada_' }]);
  });

  it.each([
    [['ada', 'ada-b'], /ada, with the prefix course-ada-, could reach the topics of ada-b/],
    [['ada-b', 'ada'], /ada, with the prefix course-ada-, could reach the topics of ada-b/],
    [['b.o', 'b-o'], /could reach the topics of/],
  ])('are refused where one could reach the topics of another: %j', (users, sentence) => {
    expect(() => learners(users)).toThrow(sentence);
  });

  it.each([['ada; rm -rf /'], ['$(id)'], ['ada bo'], [''], ['-ada'], ['a=b'], ['x'.repeat(80)]])(
    'are refused under a name that no command line should carry: %j',
    (user) => expect(() => learners([user])).toThrow(/no user name/),
  );

  it.each([['course-ada'], ['-'], ['course ada-'], ['course-ädä-'], ['$(id)-'], ['x'.repeat(120) + '-']])(
    'are refused a prefix that is not theirs alone, or no prefix: %j',
    (prefix) => expect(() => learners(['ada'], prefix)).toThrow(/does not do/),
  );

  it('cannot share one prefix', () => {
    expect(() => learners(['ada', 'bo'], 'course-')).toThrow(/--prefix is for one user/);
  });
});

describe('what the administrator runs', () => {
  const commands = administratorsCommands({ user: 'ada', prefix: 'course-ada-' });

  it('grants by prefix only, and nothing on the cluster', () => {
    const grants = commands.filter((command) => command.startsWith('kafka-acls.sh'));
    expect(grants).toHaveLength(2);
    for (const grant of grants) {
      expect(grant).toMatch(
        /--allow-principal User:ada .*--(topic|group) course-ada- --resource-pattern-type prefixed$/,
      );
      expect(grant).not.toMatch(/--cluster|--operation All|Alter /);
    }
  });

  it('names no password', () => {
    expect(commands.join('\n')).not.toMatch(/password/i);
  });
});

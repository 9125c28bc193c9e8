import fs from 'node:fs';
import path from 'node:path';
import { ProjectCopy } from '../cli/project-copy';

let copy: ProjectCopy;
beforeAll(() => (copy = new ProjectCopy()));
afterAll(() => copy.remove());

describe('course acls', () => {
  it('prints what is run for every learner of a file, and changes nothing', async () => {
    fs.writeFileSync(path.join(copy.folder, 'names.txt'), '# autumn\nada\n\nbo # late\n');
    const { code, stdout, stderr } = await copy.course(['acls', '--class', 'names.txt']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const commands = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(commands).toHaveLength(8);
    expect(commands.filter((line) => line.includes('User:bo') && line.includes('course-bo-'))).toHaveLength(
      2,
    );
  });
});

describe('bad input ends with one sentence and exit code 2', () => {
  it.each([
    ['acls for nobody', ['acls'], /For whom/],
    ['a class that is no file', ['acls', '--class', 'nowhere.txt'], /"nowhere.txt" cannot be read/],
    ['a learner named twice', ['acls', '--user', 'ada', 'ada'], /"ada" is named twice/],
    ['a learner who could reach another', ['acls', '--user', 'ada', 'ada-b'], /could reach the topics/],
    ['cleanup without a cluster', ['cleanup', '--yes'], /KAFKA_BOOTSTRAP_SERVERS is not set/],
  ])('%s', async (_, args, sentence) => {
    const { code, stdout, stderr } = await copy.course(args, { KAFKA_BOOTSTRAP_SERVERS: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

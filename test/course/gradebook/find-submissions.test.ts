import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXERCISES } from '../../../src/course/exercises/manifest';
import { findSubmissions } from '../../../src/course/gradebook/intake/find-submissions';
import type { Submission } from '../../../src/course/gradebook/intake/find-submissions';
import { writeFiles, writeZip } from './made-archives';

const POOL = 'export class BufferPool {}\n';
const KEYS = 'export class KeyPartitioner {}\n';
const POOL_FILE = '05-buffer-pool/buffer-pool.ts';
const KEYS_FILE = '06-key-partitioner/key-partitioner.ts';
const COURSE = '{ "name": "kafka-producer-internals" }';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'class-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

const find = (source = folder): Promise<Submission[]> => findSubmissions(source, EXERCISES);
const answersOf = ({ answers }: Submission): Record<string, string> => Object.fromEntries(answers);

/** The one submission of the class. */
async function only(): Promise<Submission> {
  const [one, ...others] = await find();
  expect(others).toEqual([]);
  return one!;
}

describe('one submission in every layout', () => {
  it.each([
    ['laid out like exercises/', { [POOL_FILE]: POOL, [KEYS_FILE]: KEYS }],
    ['with exercises/ in it', { [`exercises/${POOL_FILE}`]: POOL, [`exercises/${KEYS_FILE}`]: KEYS }],
    [
      'in a folder of its own',
      { [`my answers/v2/${POOL_FILE}`]: POOL, [`my answers/v2/${KEYS_FILE}`]: KEYS },
    ],
    ['as single files, by their names', { 'buffer-pool.ts': POOL, 'key-partitioner.ts': KEYS }],
    ['as single files, by what they export', { 'a.ts': POOL, 'final FINAL (2).ts': KEYS }],
  ])('finds it %s, in a folder and in a zip', async (_, files) => {
    writeFiles(path.join(folder, 'ada'), files);
    await writeZip(path.join(folder, 'bob.zip'), files);
    const submissions = await find();
    expect(submissions.map(({ name }) => name)).toEqual(['ada', 'bob']);
    for (const one of submissions) {
      expect(answersOf(one)).toEqual({ [POOL_FILE]: POOL, [KEYS_FILE]: KEYS });
      expect(one.notes).toEqual([]);
    }
  });

  it('takes of a whole clone only what a learner edits, and the time of its last commit', async () => {
    const clone = path.join(folder, 'ada');
    writeFiles(clone, {
      'package.json': COURSE,
      [`exercises/${POOL_FILE}`]: POOL,
      [`solutions/${KEYS_FILE}`]: KEYS,
      'src/producer/internals/key-partitioner.ts': KEYS,
      'node_modules/x/key-partitioner.ts': KEYS,
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=a@b', ...args], {
        cwd: clone,
        env: { ...process.env, GIT_COMMITTER_DATE: '2026-11-20T12:00:00Z' },
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'done');
    const one = await only();
    expect(answersOf(one)).toEqual({ [POOL_FILE]: POOL });
    expect(one.submitted).toEqual(new Date('2026-11-20T12:00:00Z'));
  });

  it('takes of a zipped clone only what a learner edits', async () => {
    await writeZip(path.join(folder, 'ada.zip'), {
      'course-main/package.json': COURSE,
      [`course-main/exercises/${POOL_FILE}`]: POOL,
      'course-main/src/producer/internals/key-partitioner.ts': KEYS,
    });
    expect(answersOf(await only())).toEqual({ [POOL_FILE]: POOL });
  });

  it('keeps the files that an answer imports', async () => {
    const main = `import { x } from './helper';\n${POOL}`;
    writeFiles(path.join(folder, 'ada'), { 'buffer-pool.ts': main, 'helper.ts': 'export const x = 1;' });
    writeFiles(path.join(folder, 'bob'), {
      [POOL_FILE]: main,
      '05-buffer-pool/helper.ts': 'export const x = 1;',
    });
    for (const one of await find()) {
      expect(answersOf(one)).toEqual({
        [POOL_FILE]: main,
        '05-buffer-pool/helper.ts': 'export const x = 1;',
      });
    }
  });
});

describe('what an LMS hands out', () => {
  it('puts the files of one student together in a Moodle download, as folders and as files, zipped or not', async () => {
    const entries = {
      'Ada Lovelace_4711_assignsubmission_file/buffer-pool.ts': POOL,
      'Grace Hopper_4712_assignsubmission_file_key-partitioner.ts': KEYS,
      'Grace Hopper_4712_assignsubmission_file_pool.ts': POOL,
    };
    writeFiles(path.join(folder, 'unpacked'), entries);
    await writeZip(path.join(folder, 'all.zip'), entries);
    for (const source of ['unpacked', 'all.zip']) {
      const submissions = await find(path.join(folder, source));
      expect(submissions.map(({ name, lmsId }) => [name, lmsId])).toEqual([
        ['Ada Lovelace', '4711'],
        ['Grace Hopper', '4712'],
      ]);
      expect(submissions.map(answersOf)).toEqual([
        { [POOL_FILE]: POOL },
        { [POOL_FILE]: POOL, [KEYS_FILE]: KEYS },
      ]);
    }
  });

  it('reads zips that students put into Moodle', async () => {
    await writeZip(path.join(folder, 'Ada Lovelace_4711_assignsubmission_file', 'work.zip'), {
      [POOL_FILE]: POOL,
    });
    expect(answersOf(await only())).toEqual({ [POOL_FILE]: POOL });
  });

  it('takes the last version that Canvas numbers, and three files of one name as three', async () => {
    const config = (name: string) => `export const ${name} = {};\n`;
    writeFiles(folder, {
      'lovelaceada_LATE_77_901_config.ts': config('highThroughput'),
      'lovelaceada_LATE_77_902_config-1.ts': config('lowLatency'),
      'lovelaceada_LATE_77_903_config-2.ts': config('maxReliability'),
      'hoppergrace_78_904_buffer-pool.ts': '// old\n' + POOL,
      'hoppergrace_78_905_buffer-pool-1.ts': POOL,
    });
    const [grace, ada] = await find();
    expect(grace).toMatchObject({ name: 'hoppergrace', lmsId: '78', late: false });
    expect(answersOf(grace!)).toEqual({ [POOL_FILE]: POOL });
    expect(ada).toMatchObject({ name: 'lovelaceada', lmsId: '77', late: true });
    expect(Object.keys(answersOf(ada!))).toEqual([
      '01-high-throughput/config.ts',
      '02-low-latency/config.ts',
      '03-max-reliability/config.ts',
    ]);
  });

  it('keeps two students of one name apart', async () => {
    writeFiles(folder, {
      'Ada Lovelace_1_assignsubmission_file/buffer-pool.ts': POOL,
      'Ada Lovelace_2_assignsubmission_file/key-partitioner.ts': KEYS,
    });
    expect((await find()).map(({ name }) => name)).toEqual(['Ada Lovelace 1', 'Ada Lovelace 2']);
  });
});

describe('what is no submission, and what is hostile', () => {
  it('leaves out what systems add, and says where nothing was found', async () => {
    writeFiles(folder, {
      '__MACOSX/ada/._buffer-pool.ts': 'x',
      '.DS_Store': '',
      'ada/essay.txt': 'I could not do it.',
      'bob/.git/config': '',
    });
    const submissions = await find();
    expect(submissions.map(({ name, notes }) => [name, notes])).toEqual([
      ['ada', ['nothing found that belongs to an exercise']],
      ['bob', ['nothing found that belongs to an exercise']],
    ]);
  });

  it('follows no link, in a folder or in a zip, and leaves no zip', async () => {
    fs.mkdirSync(path.join(folder, 'ada'));
    fs.symlinkSync(path.join(__dirname), path.join(folder, 'ada', '05-buffer-pool'));
    fs.symlinkSync(__dirname, path.join(folder, 'linked'));
    await writeZip(path.join(folder, 'bob.zip'), {
      [POOL_FILE]: { text: '../../../solutions/05-buffer-pool/buffer-pool.ts', mode: 0o120777 },
      [KEYS_FILE]: KEYS,
    });
    const [ada, bob, ...others] = await find();
    expect(others).toEqual([]);
    expect(answersOf(ada!)).toEqual({});
    expect(ada!.notes[0]).toMatch(/05-buffer-pool is a symbolic link/);
    expect(answersOf(bob!)).toEqual({ [KEYS_FILE]: KEYS });
    expect(bob!.notes[0]).toMatch(/is a symbolic link/);
  });

  it('says what it could not read: a broken zip, another archive, a file too large', async () => {
    writeFiles(folder, {
      'ada.zip': 'this is no zip',
      'bob/work.tar.gz': 'x',
      'carl/buffer-pool.ts': ' '.repeat(2_000_000),
    });
    const notes = (await find()).map((one) => one.notes[0]);
    expect(notes[0]).toMatch(/^ada\.zip cannot be unpacked/);
    expect(notes[1]).toMatch(/^work\.tar\.gz is no zip/);
    expect(notes[2]).toMatch(/^buffer-pool\.ts was not read: it has 2000000 bytes/);
  });

  it('stops reading a zip that would fill the memory', async () => {
    const large = 'x'.repeat(1_000_000);
    const entries = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a${i}.ts`, large]));
    await writeZip(path.join(folder, 'bomb.zip'), entries);
    expect((await only()).notes[0]).toMatch(/the rest was not read/);
  });

  it('knows a folder that is one submission from a folder of submissions', async () => {
    writeFiles(folder, { [POOL_FILE]: POOL, [KEYS_FILE]: KEYS });
    await expect(find()).rejects.toThrow(/is one submission, with 05-buffer-pool in it/);
  });
});

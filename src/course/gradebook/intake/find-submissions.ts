import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '../../../support/course-error';
import type { ExerciseDefinition } from '../../exercises/exercise-definition';
import { lmsName } from './lms-names';
import type { LmsName } from './lms-names';
import { mapAnswers } from './map-answers';
import { contentsOfFile, contentsOfFolder, isIgnored } from './submitted-files';
import type { Contents, SubmittedFile } from './submitted-files';
import { unpackZip } from './unpack-zip';

/** What one learner handed in, in whichever form, brought into one. */
export interface Submission {
  /** The folder's or file's name, or the student's name as the LMS writes it. Unique. */
  readonly name: string;
  /** The LMS's number of the student; empty without an LMS. */
  readonly lmsId: string;
  /** `06-key-partitioner/key-partitioner.ts` → its text. Empty when nothing was found. */
  readonly answers: ReadonlyMap<string, string>;
  /** Of the last commit, else of the newest answer. */
  readonly submitted: Date | undefined;
  /** As the LMS says; undefined where it says nothing. */
  readonly late: boolean | undefined;
  /** What was left out or looks odd, one sentence each. */
  readonly notes: readonly string[];
}

/** A part of a submission: a folder, or a file that may be a zip. */
interface Part {
  readonly file: string;
  readonly lms: LmsName | undefined;
}

/**
 * Every submission in a folder or zip: one for each subfolder, zip or file of it, with the parts of one student put together
 * where an LMS has named them. Clones of the whole project, `exercises/`, single files and zips of these are all understood.
 */
export async function findSubmissions(
  source: string,
  exercises: readonly ExerciseDefinition[],
): Promise<Submission[]> {
  if (!fs.existsSync(source)) {
    throw new UsageError(
      `There is no folder "${source}": gradebook takes a folder, or an LMS's zip, with one submission for each learner.`,
    );
  }
  const submissions = fs.statSync(source).isDirectory()
    ? await inFolder(source, exercises)
    : await inZip(source, exercises);
  if (submissions.length === 0) {
    throw new UsageError(
      `"${source}" has no subfolders, zips or answers: gradebook takes one subfolder, zip or file for each submission.`,
    );
  }
  return submissions.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One learner's submission, as a folder, a zip or a file. */
export async function findOne(source: string, exercises: readonly ExerciseDefinition[]): Promise<Submission> {
  if (!fs.existsSync(source)) throw new UsageError(`There is no submission "${source}".`);
  return submissionOf([{ file: source, lms: undefined }], exercises);
}

async function inFolder(folder: string, exercises: readonly ExerciseDefinition[]): Promise<Submission[]> {
  const students = new Map<string, Part[]>();
  const slug = exercises.find((exercise) => fs.existsSync(path.join(folder, exercise.slug)))?.slug;
  if (slug !== undefined) {
    throw new UsageError(
      `"${folder}" is one submission, with ${slug} in it: name the folder that holds one subfolder for each learner.`,
    );
  }
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (isIgnored(entry.name) || !(entry.isDirectory() || isAnswerFile(entry))) continue;
    const lms = lmsName(entry.name);
    const name = lms?.student ?? (entry.isDirectory() ? entry.name : path.parse(entry.name).name);
    const key =
      lms === undefined ? `"${name}" ${entry.isDirectory() ? '' : 'file'}` : `${lms.lms} ${lms.lmsId}`;
    const parts = students.get(key) ?? [];
    parts.push({ file: path.join(folder, entry.name), lms });
    students.set(key, parts);
  }
  const submissions: Submission[] = [];
  for (const parts of students.values()) submissions.push(await submissionOf(parts, exercises));
  return withNamesOfTheirOwn(submissions);
}

const isAnswerFile = (entry: fs.Dirent): boolean =>
  entry.isFile() && /\.(?:zip|[cm]?[jt]s)$/i.test(entry.name);

/** Two students of one name, or a folder and a zip of one name, stay two rows. */
function withNamesOfTheirOwn(submissions: readonly Submission[]): Submission[] {
  const count = new Map<string, number>();
  for (const { name } of submissions) count.set(name, (count.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return submissions.map((one) => {
    let name = count.get(one.name) === 1 || one.lmsId === '' ? one.name : `${one.name} ${one.lmsId}`;
    for (let number = 2; taken.has(name); number++) name = `${one.name} (${number})`;
    taken.add(name);
    return { ...one, name };
  });
}

async function submissionOf(
  parts: readonly Part[],
  exercises: readonly ExerciseDefinition[],
): Promise<Submission> {
  const files: SubmittedFile[] = [];
  const notes: string[] = [];
  let committed: Date | undefined;
  // The last version of a file comes first, and what came earlier does not replace it.
  const latest = [...parts].sort((a, b) => (b.lms?.version ?? 0) - (a.lms?.version ?? 0));
  for (const { file, lms } of latest) {
    const isFolder = fs.statSync(file).isDirectory();
    const contents: Contents = isFolder
      ? await contentsOfFolder(file)
      : await contentsOfFile(file, lms?.file === '' ? undefined : lms?.file);
    files.push(...contents.files);
    notes.push(...contents.notes);
    if (isFolder) committed ??= lastCommit(file);
  }
  const [first] = parts;
  const mapped = mapAnswers({ files, notes }, exercises);
  const newest = Math.max(...[...mapped.answers.values()].map(({ modified }) => modified.getTime()));
  const { lms, file } = first!;
  return {
    name: lms?.student ?? (fs.statSync(file).isDirectory() ? path.basename(file) : path.parse(file).name),
    lmsId: lms?.lmsId ?? '',
    answers: new Map([...mapped.answers].map(([name, { text }]) => [name, text])),
    submitted: committed ?? (Number.isFinite(newest) ? new Date(newest) : undefined),
    late: parts.some((part) => part.lms?.lms === 'canvas') ? parts.some((part) => part.lms!.late) : undefined,
    notes:
      mapped.answers.size === 0
        ? [...mapped.notes, 'nothing found that belongs to an exercise']
        : mapped.notes,
  };
}

/** When a clone's last commit was made. Plumbing only: the configuration of a stranger's repository must run nothing. */
function lastCommit(folder: string): Date | undefined {
  const gitDir = path.join(folder, '.git');
  if (!fs.existsSync(gitDir) || !fs.lstatSync(gitDir).isDirectory()) return undefined;
  const { status, stdout } = spawnSync(
    'git',
    [
      `--git-dir=${gitDir}`,
      '-c',
      'core.fsmonitor=false',
      'rev-list',
      '--max-count=1',
      '--timestamp',
      'HEAD',
      '--',
    ],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CEILING_DIRECTORIES: folder },
    },
  );
  const seconds = Number(stdout.split(' ')[0]);
  return status === 0 && seconds > 0 ? new Date(seconds * 1000) : undefined;
}

/** An LMS's "download all" as it is: unpacked beside where its submissions are read from, and removed again. */
async function inZip(zip: string, exercises: readonly ExerciseDefinition[]): Promise<Submission[]> {
  if (!zip.toLowerCase().endsWith('.zip')) {
    throw new UsageError(
      `"${zip}" is neither a folder nor a zip: gradebook takes a folder, or an LMS's zip, with one submission for each learner.`,
    );
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'course-submissions-'));
  try {
    await unpackZip(zip, folder);
    return await inFolder(folder, exercises);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CourseError } from '../../support/course-error';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import { stubOf } from '../exercises/stub-files';

/**
 * What a learner must not have: the answers; known right and wrong ones, of which the wrong ones differ from an answer by one
 * mistake each; the list of mutants; and what would run on three systems for every push of sixty repositories.
 */
export const LEFT_OUT = [
  'solutions',
  'test/right-answers',
  'test/wrong-answers',
  'test/mutants',
  'test/reference',
  '.github',
  '.ci',
  '.gitlab-ci.yml',
];

/** The course as a learner gets it, path → bytes: what git knows of the work tree, with stubs for exercises. */
export function learnersFiles(): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const name of trackedFiles()) {
    if (LEFT_OUT.some((out) => name === out || name.startsWith(`${out}/`))) continue;
    if (/^exercises\//.test(name) && path.posix.basename(name) !== 'README.md') continue;
    const file = path.join(PROJECT_ROOT, name);
    if (fs.existsSync(file) && fs.lstatSync(file).isFile()) files.set(name, fs.readFileSync(file));
  }
  for (const exercise of EXERCISES) {
    for (const file of exercise.files) {
      const stub = Buffer.from(stubOf(exercise, file));
      for (const folder of ['exercises', 'stubs']) files.set(`${folder}/${exercise.slug}/${file}`, stub);
    }
  }
  return files;
}

function trackedFiles(): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: PROJECT_ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return listed.split('\0').filter(Boolean);
  } catch (cause) {
    throw new CourseError(
      'git does not know what belongs to the course: call this in a clone of it.',
      'CONTENT',
      { cause },
    );
  }
}

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CourseError, UsageError } from '../../support/course-error';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

export const BRANCHES = ['solution', 'learner'] as const;
export type BranchName = (typeof BRANCHES)[number];

/** What a learner's branch must not have: the answers, and what proves the graders and is as good as one. */
const ANSWERS = ['solutions', 'test/right-answers', 'test/mutants'];

type Git = (...args: string[]) => string;

/** Git in the project's folder; with an index of its own, so that neither work tree nor staged changes are touched. */
function gitWithOwnIndex(index: string): Git {
  return (...args) => {
    try {
      const env = { ...process.env, GIT_INDEX_FILE: index };
      return execFileSync('git', args, {
        cwd: PROJECT_ROOT,
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim();
    } catch (error) {
      const stderr = (error as { stderr?: string }).stderr?.trim() ?? String(error);
      throw new CourseError(`git ${args.slice(0, 2).join(' ')} failed: ${stderr}`, 'CONTENT', {
        cause: error,
      });
    }
  };
}

/**
 * `npm run branch`: writes the local branch `solution` (every exercise solved) or `learner` (no answers in it) from a commit.
 * It is one commit on top of that commit, so running it again moves the branch. The work tree is never touched.
 */
export function branchCommand(name: string, { from }: { from: string }): ExitCode {
  if (!(BRANCHES as readonly string[]).includes(name)) {
    throw new UsageError(`There is no branch "${name}" to write: it is ${BRANCHES.join(' or ')}.`);
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'course-branch-'));
  try {
    writeBranch(name as BranchName, from, gitWithOwnIndex(path.join(folder, 'index')));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  return EXIT.ok;
}

function writeBranch(name: BranchName, from: string, git: Git): void {
  const source = resolveCommit(from, git);
  if (git('worktree', 'list', '--porcelain').split('\n').includes(`branch refs/heads/${name}`)) {
    throw new UsageError(
      `The branch "${name}" is checked out here and would change under your feet: switch to another one first.`,
    );
  }
  git('read-tree', source);
  if (name === 'solution') {
    copyBlobs(git, 'solutions', 'exercises');
  } else {
    // What `course reset` makes from the solutions elsewhere has to be at hand where there are none.
    copyBlobs(git, 'exercises', 'stubs');
    git('rm', '-r', '-q', '--cached', '--ignore-unmatch', '--', ...ANSWERS);
  }
  const message = name === 'solution' ? 'Solve every exercise' : 'Leave the answers to the learner';
  const commit = git('commit-tree', git('write-tree'), '-p', source, '-m', message);
  git('update-ref', `refs/heads/${name}`, commit);
  console.log(
    `Branch "${name}" is now ${git('rev-parse', '--short', commit)}, made from ${git('rev-parse', '--short', source)}.`,
  );
  if (git('status', '--porcelain', '--untracked-files=no') !== '') {
    console.log('Changes that are not committed are not in it.');
  }
}

function resolveCommit(from: string, git: Git): string {
  try {
    return git('rev-parse', '--verify', '--quiet', `${from}^{commit}`);
  } catch {
    throw new UsageError(`"${from}" is no commit here: --from takes a branch, a tag or a commit.`);
  }
}

/** The exercises' files of one folder under the name of another; as git has them, byte for byte. */
function copyBlobs(git: Git, from: string, to: string): void {
  for (const { slug, files } of EXERCISES) {
    for (const file of files) {
      const [mode, blob] = git('ls-files', '--stage', '--', `${from}/${slug}/${file}`).split(/\s+/);
      if (mode === undefined || blob === undefined) {
        throw new CourseError(
          `${from}/${slug}/${file} is not in that commit: make the branch from one that has it.`,
          'CONTENT',
        );
      }
      git('update-index', '--add', '--cacheinfo', `${mode},${blob},${to}/${slug}/${file}`);
    }
  }
}

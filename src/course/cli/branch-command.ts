import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CourseError, UsageError } from '../../support/course-error';
import { LEFT_OUT } from '../classroom/export-files';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import { stubFromSolution } from '../exercises/stub';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

export const BRANCHES = ['solution', 'learner'] as const;
export type BranchName = (typeof BRANCHES)[number];

/** Commits made by this command look alike wherever they are made, and need no identity to be set up. */
const AUTHOR = { name: 'Kafka Producer Internals', email: 'course@localhost' };

type Git = (args: readonly string[], input?: string, env?: NodeJS.ProcessEnv) => string;

/** Git in the project's folder; with an index of its own, so that neither work tree nor staged changes are touched. */
function gitWithOwnIndex(index: string | undefined): Git {
  return (args, input, more) => {
    try {
      const env = {
        ...process.env,
        ...more,
        ...(index !== undefined && { GIT_INDEX_FILE: index }),
        ...{ GIT_AUTHOR_NAME: AUTHOR.name, GIT_AUTHOR_EMAIL: AUTHOR.email },
        ...{ GIT_COMMITTER_NAME: AUTHOR.name, GIT_COMMITTER_EMAIL: AUTHOR.email },
      };
      return execFileSync('git', args, {
        ...{ cwd: PROJECT_ROOT, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
        ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
      });
    } catch (error) {
      const stderr = (error as { stderr?: string }).stderr?.trim() ?? String(error);
      throw new CourseError(`git ${args.slice(0, 2).join(' ')} failed: ${stderr}`, 'CONTENT', {
        cause: error,
      });
    }
  };
}

/**
 * `npm run branch`: writes the local branch `solution` (every exercise solved, one commit on top of that commit) or `learner`
 * (no answers in it, and none in its history: it has no parent). Running it again moves the branch. The work tree is never
 * touched.
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
  if (git(['worktree', 'list', '--porcelain']).split('\n').includes(`branch refs/heads/${name}`)) {
    throw new UsageError(
      `The branch "${name}" is checked out here and would change under your feet: switch to another one first.`,
    );
  }
  git(['read-tree', source]);
  const solutions = readSolutions(git, source);
  if (name === 'solution') writeFiles(git, 'exercises', solutions, (text) => text);
  else {
    keepOnlyTexts(git);
    // Made from the solutions, so that what somebody has solved in exercises/ cannot get in.
    for (const folder of ['exercises', 'stubs']) writeFiles(git, folder, solutions, stubFromSolution);
    git(['rm', '-r', '-q', '--cached', '--ignore-unmatch', '--', ...LEFT_OUT]);
  }
  const message = name === 'solution' ? 'Solve every exercise' : 'Kafka Producer Internals, for learners';
  const parents = name === 'solution' ? ['-p', source] : [];
  const tree = git(['write-tree']).trim();
  const commit = commitAsOf(source, git)(['commit-tree', tree, ...parents, '-m', message]).trim();
  git(['update-ref', `refs/heads/${name}`, commit]);
  console.log(`Branch "${name}" is now ${short(git, commit)}, made from ${short(git, source)}.`);
  if (name === 'learner') {
    console.log('Publish this branch and no other: git push <repository> learner:main');
  }
  // With the index of the work tree: ours says what the branch has.
  const changed = gitWithOwnIndex(undefined)(['status', '--porcelain', '--untracked-files=no']);
  if (changed.trim() !== '') console.log('Changes that are not committed are not in it.');
}

/** The time of the commit that it is made from: the same commit makes the same branch, whoever makes it. */
function commitAsOf(source: string, git: Git): Git {
  const date = git(['show', '-s', '--format=%cI', source]).trim();
  return (args) => git(args, undefined, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
}

const short = (git: Git, commit: string): string => git(['rev-parse', '--short', commit]).trim();

function resolveCommit(from: string, git: Git): string {
  try {
    return git(['rev-parse', '--verify', '--quiet', `${from}^{commit}`]).trim();
  } catch {
    throw new UsageError(`"${from}" is no commit here: --from takes a branch, a tag or a commit.`);
  }
}

/** `06-key-partitioner/key-partitioner.ts` → the solution's text in that commit. */
function readSolutions(git: Git, source: string): Map<string, string> {
  const solutions = new Map<string, string>();
  for (const { slug, files } of EXERCISES) {
    for (const file of files) {
      const name = `solutions/${slug}/${file}`;
      if (git(['ls-files', '--', name]).trim() === '') {
        throw new CourseError(
          `${name} is not in that commit: make the branch from one that has it.`,
          'CONTENT',
        );
      }
      solutions.set(`${slug}/${file}`, git(['cat-file', 'blob', `${source}:${name}`]));
    }
  }
  return solutions;
}

/** Of an exercise a learner gets its README and its stubs; attempts, notes and whatever else was committed there stay. */
function keepOnlyTexts(git: Git): void {
  const files = git(['ls-files', '-z', '--', 'exercises']).split('\0').filter(Boolean);
  const others = files.filter((file) => path.posix.basename(file) !== 'README.md');
  if (others.length > 0) git(['update-index', '--force-remove', '-z', '--stdin'], others.join('\0'));
}

function writeFiles(
  git: Git,
  folder: string,
  solutions: ReadonlyMap<string, string>,
  textOf: (solution: string, name: string) => string,
): void {
  for (const [name, solution] of solutions) {
    const blob = git(['hash-object', '-w', '--stdin'], textOf(solution, name)).trim();
    git(['update-index', '--add', '--cacheinfo', `100644,${blob},${folder}/${name}`]);
  }
}

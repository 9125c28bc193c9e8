import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { Eta } from 'eta';
import { readTextFile } from '../../support/read-text';
import { CourseError, UsageError } from '../../support/course-error';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import { stubFromSolution } from '../exercises/stub';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

const SLUG = /^(\d{2})-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/;
const TEMPLATES = path.join(PROJECT_ROOT, 'src', 'course', 'exercises', 'templates');
const MANIFEST = path.join('src', 'course', 'exercises', 'manifest.ts');

/** The names of one exercise, in the forms that its files need. */
export interface ExerciseNames {
  /** `18-record-headers` */
  readonly slug: string;
  /** `18` */
  readonly number: string;
  /** `record-headers`: the files' name. */
  readonly name: string;
  /** `recordHeaders`: the export's name. */
  readonly camel: string;
  /** `Record headers` */
  readonly title: string;
}

/**
 * `course new`: everything that an exercise consists of, with a small task in it that is there to be replaced. It can be
 * graded at once. Nothing is written when anything of it is there already.
 */
export function newCommand(slug: string): ExitCode {
  const names = exerciseNames(
    slug,
    EXERCISES.map((exercise) => exercise.slug),
  );
  const files = filesOf(names);
  const existing = [...files.keys()].find((file) => fs.existsSync(path.join(PROJECT_ROOT, file)));
  if (existing !== undefined) {
    throw new UsageError(`${existing} is there already: choose another slug, or move that file away.`);
  }
  const manifest = readTextFile(path.join(PROJECT_ROOT, MANIFEST));
  const listed = listInManifest(
    manifest,
    names,
    EXERCISES.map((exercise) => exercise.slug),
  );
  for (const [file, text] of files) {
    const absolute = path.join(PROJECT_ROOT, file);
    fs.mkdirSync(path.dirname(absolute), { recursive: true });
    fs.writeFileSync(absolute, text, { flag: 'wx' });
  }
  fs.writeFileSync(path.join(PROJECT_ROOT, MANIFEST), listed);
  format([...files.keys()]);
  for (const file of files.keys()) console.log(`wrote ${file}`);
  console.log(`listed in ${MANIFEST}`);
  console.log(`Try it: npm run grade -- ${slug} --answers solutions`);
  console.log('Then put your own task in its place: CONTRIBUTING.md, "An exercise in eight steps".');
  return EXIT.ok;
}

/** @throws UsageError for a slug that is malformed, taken, or no name for an export */
export function exerciseNames(slug: string, taken: readonly string[]): ExerciseNames {
  const [, number, name] = SLUG.exec(slug) ?? [];
  if (number === undefined || name === undefined) {
    throw new UsageError(
      `"${slug}" is no slug: write two digits and lower-case words with hyphens, such as 18-record-headers.`,
    );
  }
  const same = taken.find((one) => one.startsWith(`${number}-`) || one.slice(3) === name);
  if (same !== undefined) {
    throw new UsageError(`"${slug}" is taken: there is ${same}; choose another number and another name.`);
  }
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  if (!isIdentifier(camel)) {
    throw new UsageError(
      `"${name}" cannot be the name of a function: choose another one, of two words for instance.`,
    );
  }
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
  return { slug, number, name, camel, title };
}

function isIdentifier(name: string): boolean {
  try {
    // Only compiled: the engine knows all words that are reserved.
    return new vm.Script(`'use strict'; const ${name} = 0;`) instanceof vm.Script;
  } catch {
    return false;
  }
}

const COUNTS = 'counts the last batch, full or not';
const REFUSES = 'refuses a batch that takes no record';
const CHECK = 'if (recordsPerBatch < 1) throw new RangeError(`${recordsPerBatch} records to a batch`);';

/** One for each mistake that somebody would make in the task of the templates, as the gate wants them of every exercise. */
const WRONG_ANSWERS = [
  {
    mistake: 'forgets-the-last-batch',
    caughtBy: COUNTS,
    check: CHECK,
    result: 'Math.floor(records / recordsPerBatch)',
  },
  {
    mistake: 'always-one-more',
    caughtBy: COUNTS,
    check: CHECK,
    result: 'Math.floor(records / recordsPerBatch) + 1',
  },
  {
    mistake: 'rounds-to-the-nearest',
    caughtBy: COUNTS,
    check: CHECK,
    result: 'Math.round(records / recordsPerBatch)',
  },
  {
    mistake: 'refuses-nothing',
    caughtBy: REFUSES,
    check: '',
    result: 'Math.ceil(records / recordsPerBatch)',
  },
  {
    mistake: 'another-error',
    caughtBy: REFUSES,
    check: CHECK.replace('RangeError', 'TypeError'),
    result: 'Math.ceil(records / recordsPerBatch)',
  },
  {
    mistake: 'error-without-the-number',
    caughtBy: REFUSES,
    check: "if (recordsPerBatch < 1) throw new RangeError('A batch takes at least one record.');",
    result: 'Math.ceil(records / recordsPerBatch)',
  },
] as const;

/** Path in the project → text. */
function filesOf(names: ExerciseNames): Map<string, string> {
  const eta = new Eta({ views: TEMPLATES, autoEscape: false, autoTrim: false });
  const { slug, name } = names;
  const fill = (template: string, more: object = {}): string =>
    eta.render(`./${template}`, { ...names, ...more });
  const solution = fill('solution');
  return new Map([
    [path.join('src', 'course', 'exercises', 'definitions', `${name}.ts`), fill('definition')],
    [path.join('solutions', slug, `${name}.ts`), solution],
    [path.join('exercises', slug, `${name}.ts`), stubFromSolution(solution, `${slug}/${name}.ts`)],
    [path.join('exercises', slug, 'README.md'), fill('readme')],
    [path.join('test', 'exercises', `${slug}.test.ts`), fill('grader')],
    [path.join('test', 'exercises', 'probes', `${slug}.ts`), fill('probe')],
    ...WRONG_ANSWERS.map(
      (answer) =>
        [
          path.join('test', 'wrong-answers', slug, `${answer.mistake}.ts`),
          fill('wrong-answer', answer),
        ] as const,
    ),
    [path.join('test', 'right-answers', slug, 'counts-one-by-one.ts'), fill('right-answer')],
    [path.join('test', 'right-answers', slug, 'adds-one-for-the-rest.ts'), fill('right-answer-by-rest')],
  ]);
}

const IMPORTS = /(?:^import \{ \w+ \} from '\.\/definitions\/[\w-]+';\n)+/m;
const LIST = /^(export const EXERCISES[^\n]*= \[\n)((?: {2}\w+,\n)+)(\];)/m;

/**
 * The manifest's text with one exercise more: its import in the order of the alphabet, its entry in that of the numbers.
 *
 * @param slugs what the text lists at the moment, in order
 */
export function listInManifest(text: string, names: ExerciseNames, slugs: readonly string[]): string {
  const imports = IMPORTS.exec(text)?.[0];
  const entries = LIST.exec(text)?.[2]?.trimEnd().split('\n');
  if (imports === undefined || entries?.length !== slugs.length) {
    throw new CourseError(
      `${MANIFEST} does not look as this command knows it: write one import and one entry of EXERCISES on each line, then run the command again.`,
      'CONTENT',
    );
  }
  const own = `import { ${names.camel} } from './definitions/${names.name}';`;
  const sorted = [...imports.trimEnd().split('\n'), own].sort((a, b) => (fromOf(a) < fromOf(b) ? -1 : 1));
  const before = slugs.filter((slug) => slug < names.slug).length;
  const listed = [...entries.slice(0, before), `  ${names.camel},`, ...entries.slice(before)];
  return text
    .replace(IMPORTS, () => `${sorted.join('\n')}\n`)
    .replace(
      LIST,
      (_, head: string, _entries: string, tail: string) => `${head}${listed.join('\n')}\n${tail}`,
    );
}

function fromOf(line: string): string {
  return line.slice(line.indexOf(' from '));
}

/** A long name moves line breaks; what is written should pass the gate as it is. */
function format(files: readonly string[]): void {
  const prettier = path.join(PROJECT_ROOT, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  if (!fs.existsSync(prettier)) return; // an installation without the maintainers' tools
  const sources = files.filter((file) => file.endsWith('.ts'));
  spawnSync(process.execPath, [prettier, '--write', '--log-level', 'silent', ...sources], {
    cwd: PROJECT_ROOT,
  });
}

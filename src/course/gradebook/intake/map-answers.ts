import path from 'node:path';
import type { ExerciseDefinition } from '../../exercises/exercise-definition';
import { stubOf } from '../../exercises/stub-files';
import type { Contents, SubmittedFile } from './submitted-files';

/** The answers of one submission, laid out like `exercises/`: path → text. */
export interface MappedAnswers {
  readonly answers: ReadonlyMap<string, SubmittedFile>;
  readonly notes: readonly string[];
}

const EXPORTED =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:const|let|var|class|(?:async\s+)?function\*?)\s+([\w$]+)/gm;
const EXPORT_LIST = /^export\s*\{([^}]*)\}/gm;
const OWN_IMPORT = /(?:from|import|require)\s*\(?\s*['"]\.\/[^'"]+['"]/;

/** The names that a file exports, read from its text: nothing of it runs. */
export function exportedNames(text: string): string[] {
  const listed = [...text.matchAll(EXPORT_LIST)].flatMap(([, list = '']) =>
    list.split(',').map((one) =>
      one
        .trim()
        .split(/\s+as\s+/)
        .at(-1)!
        .replace(/^type\s+/, ''),
    ),
  );
  return [...[...text.matchAll(EXPORTED)].map(([, name]) => name!), ...listed.filter((name) => name !== '')];
}

/** What the answer of an exercise exports, as its stub does. */
function wantedNames(exercise: ExerciseDefinition): string[] {
  return exportedNames(stubOf(exercise, exercise.files[0]!));
}

/**
 * Finds the answers in what somebody handed in: folders called like the exercises, wherever they are; else single files, by
 * what they export and, where that says nothing, by their name.
 */
export function mapAnswers(
  { files, notes }: Contents,
  exercises: readonly ExerciseDefinition[],
): MappedAnswers {
  const answers = new Map<string, SubmittedFile>();
  const said = [...notes];
  const used = new Set<SubmittedFile>();
  const place = (name: string, file: SubmittedFile): void => {
    used.add(file);
    const there = answers.get(name);
    if (there === undefined) answers.set(name, file);
    else if (there.text !== file.text) said.push(`${file.path} was left out: ${there.path} is taken`);
  };
  const clones = files.filter(isCourse).map(folderOf);
  // Of a clone only what a learner edits: the course itself exports the same names.
  const own = files.filter(
    (file) => !clones.some((clone) => isIn(clone, file) && !isIn(path.posix.join(clone, 'exercises'), file)),
  );
  // The shallowest first: a copy in a backup folder does not count before the work itself.
  const sorted = own.sort((a, b) => depth(a) - depth(b));
  for (const file of sorted) {
    const parts = file.path.split('/');
    const exercise = exercises.find(({ slug }) => parts.includes(slug));
    if (exercise === undefined) continue;
    place(path.posix.join(...parts.slice(parts.indexOf(exercise.slug))), file);
  }
  const loose = sorted.filter((file) => !used.has(file) && /\.[cm]?[jt]s$/.test(file.path));
  for (const exercise of exercises) {
    const target = `${exercise.slug}/${exercise.files[0]!}`;
    if (answers.has(target)) continue;
    const file = looseAnswer(exercise, exercises, loose);
    if (file === undefined) continue;
    place(target, file);
    // Helpers of a flat hand-in lie beside it.
    if (!OWN_IMPORT.test(file.text)) continue;
    for (const helper of loose) {
      const name = `${exercise.slug}/${path.posix.basename(helper.path)}`;
      if (helper !== file && folderOf(helper) === folderOf(file) && !answers.has(name))
        answers.set(name, helper);
    }
  }
  return { answers, notes: said };
}

function looseAnswer(
  exercise: ExerciseDefinition,
  exercises: readonly ExerciseDefinition[],
  loose: readonly SubmittedFile[],
): SubmittedFile | undefined {
  const wanted = wantedNames(exercise);
  const byExport = loose.find(({ text }) => {
    const names = exportedNames(text);
    return wanted.every((name) => names.includes(name));
  });
  if (byExport !== undefined) return byExport;
  const [name = ''] = exercise.files;
  // `config.ts` is the file of three exercises, and then says nothing.
  const isOnly = exercises.filter(({ files }) => files[0] === name).length === 1;
  return isOnly ? loose.find((file) => path.posix.basename(file.path) === name) : undefined;
}

const COURSE = /"name":\s*"kafka-producer-internals"/;
const isCourse = (file: SubmittedFile): boolean =>
  path.posix.basename(file.path) === 'package.json' && COURSE.test(file.text);
const isIn = (folder: string, { path: name }: SubmittedFile): boolean =>
  folder === '.' || name.startsWith(`${folder}/`);
const depth = ({ path: name }: SubmittedFile): number => name.split('/').length;
const folderOf = ({ path: name }: SubmittedFile): string => path.posix.dirname(name);

import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { ExerciseDefinition } from '../exercises/exercise-definition';
import { PROJECT_ROOT } from '../exercises/manifest';
import { stubOf } from '../exercises/stub-files';
import { loadDolos } from './dolos.cjs';
import { exportedNames } from './intake/map-answers';

/** Two answers of one exercise that are built alike. Says nothing about why: a short task has few answers. */
export interface SimilarAnswers {
  readonly slug: string;
  readonly names: readonly [string, string];
  /** 0 to 1: the share of both that also stands in the other. */
  readonly similarity: number;
  /** The longest run of tokens that both have. */
  readonly longestInTokens: number;
}

/** What the course itself has written for the same task, among the names of learners. */
export const COURSES_OWN = "(the course's own producer)";

/** Tokens in a row that count as one fingerprint, and in how many of these one is picked: what is shorter is chance. */
const KGRAM = 15;
const WINDOW = 10;
const ALIKE_FROM = 0.7;
/** Below this an answer is too short to be told from another one. */
const FEWEST_TOKENS = 80;
const MOST_PAIRS = 40;

/** The answers that are most alike, by Dolos; the stub that everybody got does not count. */
export function similarAnswers(
  exercises: readonly ExerciseDefinition[],
  submissions: readonly { readonly name: string; readonly answers: ReadonlyMap<string, string> }[],
): SimilarAnswers[] {
  const pairs = exercises.flatMap((exercise) => {
    const target = `${exercise.slug}/${exercise.files[0]!}`;
    const texts = submissions.flatMap(({ name, answers }) => {
      const text = answers.get(target);
      return text === undefined ? [] : [{ name, text }];
    });
    const own = coursesOwn(exercise);
    return alike(exercise, own === undefined ? texts : [...texts, { name: COURSES_OWN, text: own }]);
  });
  return pairs
    .sort((a, b) => b.similarity - a.similarity || b.longestInTokens - a.longestInTokens)
    .slice(0, MOST_PAIRS);
}

function alike(
  exercise: ExerciseDefinition,
  texts: readonly { readonly name: string; readonly text: string }[],
): SimilarAnswers[] {
  const { File, FingerprintIndex, Region, TokenizedFile } = loadDolos();
  const tokenized = (name: string, text: string) => {
    const tokens = tokensOf(text);
    // Dolos wants to know where each token is; only how many are alike is asked here.
    const regions = tokens.map((_, index) => new Region(0, index, 0, index + 1));
    return new TokenizedFile(new File(name, text), tokens, regions);
  };
  const index = new FingerprintIndex(KGRAM, WINDOW);
  index.addIgnoredFile(tokenized('stub', stubOf(exercise, exercise.files[0]!)));
  const files = texts.map(({ name, text }) => tokenized(name, text));
  const long = files.filter(({ tokens }) => tokens.length >= FEWEST_TOKENS);
  if (long.length < 2) return [];
  index.addFiles(long);
  return index
    .allPairs()
    .filter(({ similarity }) => similarity >= ALIKE_FROM)
    .map(({ leftFile, rightFile, similarity, longest }) => ({
      slug: exercise.slug,
      names: [leftFile.path, rightFile.path] as const,
      similarity,
      longestInTokens: longest,
    }));
}

/** What a text is built of: other names, other numbers and other comments leave it the same. */
function tokensOf(text: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  const tokens: string[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    tokens.push(ts.SyntaxKind[kind]);
  }
  return tokens;
}

/** The file of the producer that exports what the exercise asks for. */
function coursesOwn(exercise: ExerciseDefinition): string | undefined {
  const wanted = exportedNames(stubOf(exercise, exercise.files[0]!));
  const folders = ['src/producer', 'src/producer/internals', 'src/lab'].map((folder) =>
    path.join(PROJECT_ROOT, folder),
  );
  for (const folder of folders) {
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'index.ts')) {
      const text = fs.readFileSync(path.join(folder, name), 'utf8');
      const names = exportedNames(text);
      if (wanted.length > 0 && wanted.every((one) => names.includes(one))) return text;
    }
  }
  return undefined;
}

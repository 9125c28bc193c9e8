import fs from 'node:fs';
import path from 'node:path';
import { readTextFile } from '../../support/read-text';
import { CourseError } from '../../support/course-error';
import type { ExerciseDefinition } from '../../course/exercises/exercise-definition';
import { judgeAnswers } from '../../course/grading/judge-answers';
import type { ExerciseResult } from '../../course/grading/result';
import { rejects } from '../../course/grading/verdict';
import { PROJECT_ROOT } from '../../course/exercises/manifest';
import { inWords, matchSurvivors, readSurvivors, strayFiles } from './known-survivors';
import type { KnownSurvivor } from './known-survivors';
import { mutateSolution } from './mutate-solution';
import type { Mutant } from './mutate-solution';

export interface MutantsReport {
  /** How many there are, and what became of them. */
  readonly summary: string;
  /** What is wrong, one entry each. */
  readonly complaints: readonly string[];
}

interface Solution {
  readonly exercise: ExerciseDefinition;
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
}

interface StagedMutant extends Mutant {
  readonly name: string;
  readonly exercise: ExerciseDefinition;
  /** Where the solution is, relative to the project. */
  readonly file: string;
  readonly known: KnownSurvivor | undefined;
}

/**
 * Proves the graders from the other side: every small change that StrykerJS makes to what a learner writes is rejected,
 * unless it changes nothing that the exercise asks for. All are judged each time: a remembered verdict would be one about
 * the grader, the broker and the producer of another day.
 */
export async function checkMutants(exercises: readonly ExerciseDefinition[]): Promise<MutantsReport> {
  const complaints = [...strayFiles()];
  const solutions = exercises.map(readSolution);
  const mutants: StagedMutant[] = [];
  for (const solution of solutions) {
    const staged = await mutantsOf(solution);
    mutants.push(...staged.mutants);
    complaints.push(...staged.complaints);
  }
  // Where nothing works, every mutant is rejected. So the solutions are judged with them, and have to be accepted.
  const controls = solutions.map(({ exercise, text }) => ({
    name: `solution ${exercise.slug}`,
    exercise,
    text,
  }));
  const results = await judgeAnswers([...controls, ...mutants]);
  for (const [index, { file }] of solutions.entries()) {
    const failed = results[index]!.tests.find(({ status }) => status !== 'pass');
    if (failed !== undefined)
      complaints.push(`${file} itself is not accepted, so its mutants prove nothing: ${failed.message}`);
  }
  const judged = mutants.map((mutant, index) => {
    return { mutant, outcome: outcomeOf(results[controls.length + index]!) };
  });
  for (const { mutant, outcome } of judged) complaints.push(...complaintsAbout(mutant, outcome));
  return { summary: summary(judged), complaints };
}

function readSolution(exercise: ExerciseDefinition): Solution {
  const file = path.join('solutions', exercise.slug, exercise.files[0]!);
  const full = path.join(PROJECT_ROOT, file);
  if (!fs.existsSync(full)) {
    throw new CourseError(`${file} is not here to be mutated: work on a branch that has it.`, 'CONTENT');
  }
  return { exercise, file, text: readTextFile(full) };
}

async function mutantsOf({
  exercise,
  file,
  text,
}: Solution): Promise<{ mutants: StagedMutant[]; complaints: readonly string[] }> {
  const { slug } = exercise;
  const mutants = await mutateSolution(text, path.join(PROJECT_ROOT, file));
  const { of, complaints } = matchSurvivors(mutants, readSurvivors(slug));
  const staged = mutants.map((mutant, index) => {
    return { ...mutant, name: `mutant ${slug} ${index + 1}`, exercise, file, known: of.get(mutant) };
  });
  return { mutants: staged, complaints };
}

type Outcome = 'killed' | 'survived' | { readonly notJudged: string };

/** Killed only by a verdict: a grader that failed, or could not make up its mind, has killed nothing. */
function outcomeOf({ status, tests }: ExerciseResult): Outcome {
  if (tests.some(rejects)) return 'killed';
  if (status === 'pass') return 'survived';
  return { notJudged: tests.find((test) => test.status !== 'pass')?.message ?? 'there is no test' };
}

function complaintsAbout(mutant: StagedMutant, outcome: Outcome): string[] {
  const { known, file, line, mutator } = mutant;
  const say = (what: string): string[] => [
    `${file}:${line} (${mutator}) ${what}\n${inWords(mutant).replace(/^/gm, '    ')}`,
  ];
  if (outcome === 'survived') return known === undefined ? say('survived: it gets full marks.') : [];
  if (outcome !== 'killed') return say(`was not judged: ${outcome.notJudged}`);
  return known === undefined ? [] : say(`is rejected, and ${known.at} says that it must not be.`);
}

function summary(judged: readonly { readonly mutant: StagedMutant; readonly outcome: Outcome }[]): string {
  const count = (of: (one: (typeof judged)[number]) => boolean): number => judged.filter(of).length;
  const survived = (kind: KnownSurvivor['kind'] | undefined): number =>
    count(({ mutant, outcome }) => outcome === 'survived' && mutant.known?.kind === kind);
  const notJudged = count(({ outcome }) => typeof outcome === 'object');
  return [
    `${judged.length} mutants`,
    `${count(({ outcome }) => outcome === 'killed')} killed`,
    `${survived('equivalent')} equivalent`,
    `${survived('allowed')} allowed`,
    `${survived(undefined)} surviving`,
    ...(notJudged === 0 ? [] : [`${notJudged} not judged`]),
  ].join(', ');
}

import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { readTextFile } from '../../support/read-text';
import { useKafka } from '../../broker/index';
import { runCommand } from '../../support/run-command';
import { runJest } from '../../course/grading/jest-run';
import type { JestRun } from '../../course/grading/jest-run';
import { EXERCISES, PROJECT_ROOT, selectExercises } from '../../course/exercises/manifest';
import { checkWrongAnswers } from '../../course/grading/wrong-answers-check';
import { checkNotebooksClean } from '../../course/jupyter/clean-notebooks';
import { checkCourseClaims } from '../claims/check-claims';
import { search } from '../../simulation/run-search';
import { counterexampleText } from '../simulate/search-report';
import { checkMutants } from '../mutants/mutants-check';
import { stubs } from '../../course/cli/exercise-commands';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';

/** What is wrong, one entry each; none when the gate is passed. What else it has to tell, it says. */
type Gate = (say: (what: string) => void) => Promise<readonly string[]>;

const MODULES = path.join(PROJECT_ROOT, 'node_modules');

/** A learner's branch has no solutions and nothing that is made from them, so the gates about those have nothing to say. */
const HAS_SOLUTIONS = fs.existsSync(path.join(PROJECT_ROOT, 'solutions'));
const aboutSolutions = (gate: Gate): Gate => {
  if (HAS_SOLUTIONS) return gate;
  return (say) => {
    say('not on this branch, which has no solutions');
    return Promise.resolve([]);
  };
};

/** A tool from node_modules; what it printed is the complaint when it does not end with 0. */
function tool(script: string, ...args: string[]): Gate {
  return async () => {
    const command = [path.join(MODULES, script), ...args];
    const { exitCode, stdout, stderr, error } = await runCommand(process.execPath, command, {
      cwd: PROJECT_ROOT,
    });
    if (exitCode === 0) return [];
    return [error?.message ?? ((stdout + stderr).trim() || `ended with code ${exitCode}`)];
  };
}

/** The learner's files are exactly what the solutions make of them, unless somebody has begun to work on them. */
function stubsInStep(): Promise<readonly string[]> {
  const complaints: string[] = [];
  for (const { exercise, name, file, stub } of stubs()) {
    const label = `exercises/${exercise.slug}/${name}`;
    if (!fs.existsSync(file)) complaints.push(`${label} is missing: npm run course -- stubs`);
    else if (readTextFile(file) !== stub) {
      complaints.push(`${label} differs from the stub that its solution makes: npm run course -- stubs`);
    }
  }
  return Promise.resolve(complaints);
}

/** Commands, kernels and classes as a whole (`*.tools.test.ts`). */
async function toolTests(say: (what: string) => void): Promise<readonly string[]> {
  const kafka = await useKafka();
  try {
    const run = await runJest({ answerSets: [], alsoRun: ['tools'], kafka });
    fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
    const tests = run.files.flatMap(({ tests: own }) => own);
    say(`${tests.filter(({ status }) => status === 'passed').length} passed`);
    return complaintsOf(run);
  } finally {
    await kafka.stop();
  }
}

/** The same schedules each time: a new seed may find something new, and belongs where somebody looks at it. */
const SIMULATION = { seed: 1, runs: 2000 } as const;

async function simulated(say: (what: string) => void): Promise<readonly string[]> {
  const { runs, tookMs, counterexample } = await search(SIMULATION);
  say(`${runs} schedules, ${Math.round((1000 * runs) / tookMs)} a second`);
  return counterexample === null ? [] : [counterexampleText(counterexample)];
}

function complaintsOf({ files, exitCode }: JestRun): string[] {
  const complaints = files.flatMap(({ file, tests, crash }) => [
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, message }) => `${file}: ${fullName}\n${message}`),
    ...(crash === '' ? [] : [`${file} did not load:\n${crash}`]),
  ]);
  const ranWhole = files.length > 0 && exitCode <= 1;
  return ranWhole
    ? complaints
    : [...complaints, `jest ended with code ${exitCode} after ${files.length} files`];
}

const GATES: readonly (readonly [string, Gate])[] = [
  ['stubs in step with solutions', aboutSolutions(stubsInStep)],
  ['notebooks without outputs', () => Promise.resolve(checkNotebooksClean())],
  [
    'claims have evidence',
    async (say) => {
      const { claims, complaints } = await checkCourseClaims();
      say(`${claims} claims`);
      return complaints;
    },
  ],
  ['formatting (prettier)', tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  ['types (tsc, strict)', tool('typescript/bin/tsc', '-p', 'tsconfig.json')],
  [
    'types as notebooks see them (tslab)',
    tool('@tslab/typescript-for-tslab/lib/tsc.js', '-p', 'tsconfig.tslab.json'),
  ],
  ['lint (eslint)', tool('eslint/bin/eslint.js', '--max-warnings', '0', '.')],
  ['promises of the producer hold (simulation)', simulated],
  ['tests of the tools (jest)', toolTests],
  ['wrong answers rejected, right ones accepted', aboutSolutions(checkWrongAnswers)],
  [
    'mutants of the solutions rejected',
    aboutSolutions(async (say) => {
      const { summary, complaints } = await checkMutants(EXERCISES);
      say(summary);
      return complaints;
    }),
  ],
];

/** `npm run check`: every gate, in the order of how quickly it answers; all of them run, whatever the others say. */
export async function checkCommand(): Promise<ExitCode> {
  let failed = 0;
  for (const [name, gate] of GATES) {
    const started = performance.now();
    let said = '';
    const complaints = await gate((what) => (said = `: ${what}`));
    const took = styleText('dim', `${((performance.now() - started) / 1000).toFixed(1)} s`);
    console.log(
      `${complaints.length === 0 ? styleText('green', '✓') : styleText('red', '✗')} ${name}${said} ${took}`,
    );
    for (const complaint of complaints) console.log(complaint.replace(/^/gm, '    '));
    if (complaints.length > 0) failed += 1;
  }
  console.log(`${GATES.length - failed} passed, ${failed} failed`);
  return failed === 0 ? EXIT.ok : EXIT.wrong;
}

/** `course mutants`: that last gate alone, for the exercises that somebody works on. */
export async function mutantsCommand(words: readonly string[]): Promise<ExitCode> {
  const { summary, complaints } = await checkMutants(selectExercises(words));
  for (const complaint of complaints) console.log(complaint);
  console.log(summary);
  return complaints.length === 0 ? EXIT.ok : EXIT.wrong;
}

import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { useKafka } from '../../broker/index';
import type { CourseKafka } from '../../broker/index';
import { gradingResult } from '../grading/grading';
import { runJest } from '../grading/jest-run';
import type { AnswerSet, JestRun } from '../grading/jest-run';
import { isWrong } from '../grading/result';
import type { GradingResult } from '../grading/result';
import { EXERCISES, PROJECT_ROOT, selectExercises } from '../exercises/manifest';
import { chartDrawer } from '../report/draw-charts';
import { writeHtmlReport } from '../report/html-report';
import { details, scoreboard } from '../report/scoreboard';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { gradeCommand, REPORT } from './grade-command';
import { progress } from './progress';
import { rememberProgress } from './learner-progress';

/**
 * `npm test`: one jest run of the course's own tests, of the graders against `solutions/` (where there are any: a learner's
 * branch has none) and of the graders against `exercises/`. With names, only those exercises are graded. The long tests of the
 * tools are a gate of `npm run check`.
 */
export async function testCommand(words: readonly string[]): Promise<ExitCode> {
  if (words.length > 0) {
    selectExercises(words);
    return gradeCommand(words, { answers: 'exercises' });
  }
  const kafka = await progress('Looking for a broker', (say) => useKafka({ onProgress: say }));
  try {
    return await testEverything(kafka);
  } finally {
    await kafka.stop();
  }
}

async function testEverything(kafka: CourseKafka): Promise<ExitCode> {
  const slugs = EXERCISES.map(({ slug }) => slug);
  const answerSets = ['solutions', 'exercises']
    .map((name) => ({ name, folder: path.join(PROJECT_ROOT, name), slugs }))
    .filter(({ folder }) => fs.existsSync(folder));
  console.error(`Testing the course, and grading ${answerSets.map(({ name }) => name).join(' and ')} ...`);
  const run = await runJest({ answerSets, alsoRun: ['course'], kafka });
  const results = await gradeAll(run, answerSets, kafka);
  fs.rmSync(run.evidenceFolder, { recursive: true, force: true });
  report(results);
  return summary(run, results);
}

async function gradeAll(
  run: JestRun,
  answerSets: readonly AnswerSet[],
  kafka: CourseKafka,
): Promise<Map<string, GradingResult>> {
  const results = new Map<string, GradingResult>();
  for (const { name } of answerSets) {
    results.set(name, await gradingResult(run, name, EXERCISES, kafka, chartDrawer(`charts-${name}`)));
  }
  return results;
}

function report(results: Map<string, GradingResult>): void {
  const exercises = results.get('exercises')!;
  const solutions = results.get('solutions');
  rememberProgress(exercises);
  const sections = [{ id: 'exercises', heading: 'Your answers', result: exercises }];
  if (solutions !== undefined)
    sections.push({ id: 'solutions', heading: 'The reference answers', result: solutions });
  writeHtmlReport(path.join(PROJECT_ROOT, REPORT), 'Kafka Producer Internals: graded exercises', sections);
  console.log();
  // A solution that its own grader rejects is the course's fault, and shown first.
  if (solutions !== undefined) console.log(details(solutions, { taught: false }));
  console.log(details(exercises, { taught: true }));
  console.log(scoreboard(exercises, `Your answers: ${exercises.score} of ${exercises.maxScore} points`));
  if (solutions !== undefined) {
    console.log(`Reference answers: ${solutions.score} of ${solutions.maxScore} points`);
  }
  console.log(`Charts and details: ${path.join(PROJECT_ROOT, REPORT)}`);
}

function summary(run: JestRun, results: Map<string, GradingResult>): ExitCode {
  const course = run.files.filter(({ answers }) => answers === null);
  const courseTests = course.flatMap(({ tests }) => tests);
  const crashed = course.filter(({ crash }) => crash !== '').length;
  const passed = courseTests.filter(({ status }) => status === 'passed').length;
  const skipped = courseTests.filter(({ status }) => !['passed', 'failed'].includes(status)).length;
  const graded = [...results.entries()].flatMap(([name, { exercises }]) =>
    exercises.map((one) => ({ name, one })),
  );
  const wrong = graded.filter(({ name, one }) => isWrong(one, name === 'solutions'));
  const gradedTests = graded.flatMap(({ one }) => one.tests);
  const gradedPassed = gradedTests.filter(({ status }) => status === 'pass').length;
  const notStarted = graded
    .filter(({ one }) => one.status === 'todo')
    .reduce((sum, { one }) => sum + one.tests.length, 0);
  const courseFailed = courseTests.length - passed - skipped + crashed;
  const gradedFailed = gradedTests.length - gradedPassed - notStarted;
  const ranNothing = courseTests.length === 0 || graded.length === 0;
  console.log(`Course: ${passed} tests passed, ${courseFailed} failed, ${skipped} skipped`);
  if (ranNothing || run.exitCode > 1)
    console.log(styleText('red', `jest ended with code ${run.exitCode} and did not run everything`));
  console.log(
    `${passed + gradedPassed} passed, ${courseFailed + gradedFailed} failed, ${skipped + notStarted} skipped`,
  );
  return wrong.length === 0 && courseFailed === 0 && !ranNothing && run.exitCode <= 1 ? EXIT.ok : EXIT.wrong;
}

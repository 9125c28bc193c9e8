import fs from 'node:fs';
import path from 'node:path';
import { CourseError, UsageError } from '../../support/course-error';
import { canvasGrades } from '../classroom/canvas';
import { classroomWorkflow } from '../classroom/github-classroom';
import { gradescopeResults } from '../classroom/gradescope-results';
import { writeGradescopeZip } from '../classroom/gradescope-zip';
import { moodleFeedback, moodleWorksheet } from '../classroom/moodle';
import type { FilledSheet } from '../classroom/moodle';
import { writeZip } from '../classroom/write-zip';
import { EXERCISES, PROJECT_ROOT } from '../exercises/manifest';
import type { ClassResult } from '../gradebook/class-result';
import { gradeAnswers } from '../gradebook/grade-submission';
import { GRADEBOOK_JSON } from '../gradebook/gradebook';
import { GradingBroker } from '../gradebook/grading-broker';
import { findOne } from '../gradebook/intake/find-submissions';
import { gradingHead, totals } from '../grading/grading';
import { checkWritable } from './check-writable';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';

const from = (name: string): string => path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);

/** The result of the last `npm run gradebook`, which the LMS's tables are made from. */
function lastGradebook(): ClassResult {
  try {
    return JSON.parse(fs.readFileSync(path.join(PROJECT_ROOT, GRADEBOOK_JSON), 'utf8')) as ClassResult;
  } catch (cause) {
    throw new CourseError(`There is no ${GRADEBOOK_JSON}: run npm run gradebook first.`, 'CONTENT', {
      cause,
    });
  }
}

/** `course moodle`: the grading worksheet filled in, and the pages as a zip of feedback files. */
export async function moodleCommand(flags: {
  worksheet: string;
  out: string;
  feedback?: string;
}): Promise<ExitCode> {
  const out = checkWritable(flags.out, '--out');
  const zip = flags.feedback === undefined ? undefined : checkWritable(flags.feedback, '--feedback');
  const result = lastGradebook();
  const code = writeSheet(moodleWorksheet(readable(flags.worksheet), result), out);
  if (zip !== undefined) {
    const pages = moodleFeedback(result);
    await writeZip(zip, pages);
    console.log(`${zip}: ${pages.length} pages`);
  }
  return code;
}

/** `course canvas`: one assignment's column of the gradebook's export filled in. */
export function canvasCommand(flags: { export: string; assignment: string; out: string }): ExitCode {
  const out = checkWritable(flags.out, '--out');
  return writeSheet(canvasGrades(readable(flags.export), flags.assignment, lastGradebook()), out);
}

function readable(name: string): string {
  const file = from(name);
  if (!fs.existsSync(file)) throw new UsageError(`There is no file "${name}".`);
  return file;
}

/** Somebody whose grade has no row would get none, so that is no success. */
function writeSheet({ csv, filled, strangers }: FilledSheet, out: string): ExitCode {
  fs.writeFileSync(out, csv);
  console.log(`${out}: ${filled} grades`);
  for (const name of strangers) console.error(`${name} is not in the sheet.`);
  return strangers.length === 0 ? EXIT.ok : EXIT.wrong;
}

/** `course gradescope`: the autograder as the zip that Gradescope takes. */
export async function gradescopeCommand(flags: { out: string }): Promise<ExitCode> {
  const out = checkWritable(flags.out, '--out');
  console.log(`${out}: ${await writeGradescopeZip(out)} files`);
  return EXIT.ok;
}

/** What was not judged is tried this often before there is no result. */
const TRIES = 3;

/** `course gradescope-run`, for `run_autograder`: grades one submission in any layout and writes Gradescope's results. */
export async function gradescopeRunCommand(flags: { submission: string; out: string }): Promise<ExitCode> {
  const out = checkWritable(flags.out, '--out');
  const submission = await findOne(from(flags.submission), EXERCISES);
  const broker = new GradingBroker((what) => console.error(what));
  try {
    for (let tries = 1; tries <= TRIES; tries++) {
      const kafka = await broker.use();
      const exercises = await gradeAnswers({ ...submission, exercises: EXERCISES, kafka });
      const result = { ...gradingHead(kafka), ...totals(exercises), exercises };
      if (result.notJudged > 0) continue;
      fs.writeFileSync(out, `${JSON.stringify(gradescopeResults(result, submission.notes), null, 2)}\n`);
      console.log(`${result.score} of ${result.maxScore} points`);
      return EXIT.ok;
    }
  } finally {
    await broker.stop();
  }
  console.error('Not everything could be judged: run the autograder again.');
  return EXIT.wrong;
}

/** `course github-classroom`: the workflow for a template repository made from the learner branch. */
export async function githubClassroomCommand(flags: { out: string }): Promise<ExitCode> {
  const out = checkWritable(flags.out, '--out');
  const broker = new GradingBroker((what) => console.error(what));
  try {
    const kafka = await broker.use();
    // Of a submission with nothing in it, only to hear how many points each exercise has.
    const exercises = await gradeAnswers({ name: 'nobody', answers: new Map(), exercises: EXERCISES, kafka });
    const points = Object.fromEntries(exercises.map(({ slug, maxScore }) => [slug, maxScore]));
    fs.writeFileSync(out, classroomWorkflow(EXERCISES, points));
  } finally {
    await broker.stop();
  }
  console.log(`${out}: put it into .github/workflows/ of the template repository`);
  return EXIT.ok;
}

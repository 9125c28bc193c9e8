import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CourseError, UsageError } from '../../support/course-error';
import type { BenchFlags } from '../bench/plan';
import type { BookOptions } from '../book/make-book';
import { benchCommand } from './bench-command';
import { browserCommand } from './browser-command';
import { checkCommand, mutantsCommand } from './check-command';
import { aclsCommand, cleanupCommand } from '../../course/cli/classroom-commands';
import type { AclsFlags } from '../../course/cli/classroom-commands';
import { bookCommand } from './book-command';
import { runPlaygroundCommand } from '../playground/playground';
import type { PlaygroundFlags } from '../playground/playground';
import { benchmarkCommand } from '../../course/cli/benchmark-command';
import { endWithParent } from '../../course/cli/end-with-parent';
import { EXIT } from '../../course/cli/exit-codes';
import type { ExitCode } from '../../course/cli/exit-codes';
import { gradebookCommand } from '../../course/cli/gradebook-command';
import type { GradebookFlags } from '../../course/cli/gradebook-command';
import { hintCommand, listCommand, resetCommand, stubsCommand } from '../../course/cli/exercise-commands';
import { branchCommand, BRANCHES } from '../../course/cli/branch-command';
import type { GradeFlags } from '../../course/cli/grade-command';
import { gradeCommand } from '../../course/cli/grade-command';
import {
  canvasCommand,
  githubClassroomCommand,
  gradescopeCommand,
  gradescopeRunCommand,
  moodleCommand,
} from '../../course/cli/lms-commands';
import { newCommand } from '../../course/cli/new-command';
import { kafkaCommand, labCommand, notebooksCommand, startCommand } from '../../course/cli/server-commands';
import { simulateCommand } from '../simulate/simulate-command';
import type { SimulateFlags } from '../simulate/simulate-command';
import { testCommand } from '../../course/cli/test-command';

type Finish = (code: ExitCode) => void;

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
}

function oneOrThree(text: string): 1 | 3 {
  if (text === '1' || text === '3') return Number(text) as 1 | 3;
  throw new InvalidArgumentError('A cluster has 1 or 3 brokers.');
}

function rounds(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Rounds are a whole number from 1 on.');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}

function seed(text: string): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value === (value | 0)) return value;
  throw new InvalidArgumentError('A seed is a whole number of 32 bits.');
}

function minutes(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Minutes are a number above 0.');
}

function schedulePath(text: string): string {
  if (/^\d+(:\d+)*$/.test(text)) return text;
  throw new InvalidArgumentError('A path is numbers with colons between them, as in 1837:0:3.');
}

function addLearnerCommands(program: Command, finish: Finish): void {
  program
    .command('start')
    .description('set up what is missing, start a broker and JupyterLab, and print its URL')
    .option('--no-browser', 'do not open a browser')
    .option('--port <number>', 'port for JupyterLab', port)
    .action(async (flags: { browser: boolean; port?: number }) => finish(await startCommand(flags)));
  program
    .command('test [exercise...]')
    .description('run everything: the tests of the course, and the graders on solutions/ and exercises/')
    .action(async (words: string[]) => finish(await testCommand(words)));
  program
    .command('grade [exercise...]')
    .description('grade answers only')
    .option('--answers <folder>', 'a folder laid out like exercises/', 'exercises')
    .option('--json <file>', 'write the result as JSON')
    .option('--strict', 'count "not started" as wrong')
    .option('--watch', 'grade again on every save, until Ctrl-C')
    .action(async (words: string[], flags: GradeFlags) => finish(await gradeCommand(words, flags)));
  addGradebookCommand(program, finish);
  program
    .command('list')
    .description('what is done and what is next')
    .action(async () => finish(await listCommand()));
  program
    .command('hint <exercise>')
    .description('the next hint for an exercise')
    .action((word: string) => finish(hintCommand(word)));
  program
    .command('reset <exercise>')
    .description('put the stub back; the attempt is kept beside it')
    .action((word: string) => finish(resetCommand(word)));
}

function addGradebookCommand(program: Command, finish: Finish): void {
  program
    .command('gradebook <source> [exercise...]')
    .description('grade a folder or an LMS download of submissions: one row and one page for each')
    .option('--csv <file>', 'write the rows as CSV')
    .option('--tests <file>', 'write every test of every submission as CSV')
    .option('--bom', 'begin CSV files with the mark by which Excel knows UTF-8')
    .option('--again <name...>', 'grade these submissions whatever earlier runs found; all: every one')
    .option('--jobs <number>', 'how many are graded at the same time, or auto', '1')
    .option(
      '--overrides <file>',
      'CSV of submission,exercise,points,comment (default: overrides.csv in the folder)',
    )
    .option('--weights <file>', 'JSON of how much exercises count in percent, as in {"17-predict": 0.5}')
    .option('--due <time>', 'later hand-ins are marked late, as in 2026-12-24T18:00+01:00')
    .option('--anonymous', 'ids in place of names, in pages and CSV')
    .action(async (source: string, words: string[], flags: GradebookFlags) => {
      finish(await gradebookCommand(source, words, flags));
    });
}

function addClassroomCommands(program: Command, finish: Finish): void {
  program
    .command('acls')
    .description('print what an administrator runs to let learners share one cluster')
    .option('--user <name...>', 'learners by the names that they log in with')
    .option('--class <file>', 'a file with one such name on each line')
    .option('--prefix <prefix>', "of one learner's topics (default: course-<name>-)")
    .action((flags: AclsFlags) => finish(aclsCommand(flags)));
  program
    .command('cleanup')
    .description('list the topics that you left on a shared cluster, and delete them')
    .option('--yes', 'delete them')
    .action(async (flags: { yes?: boolean }) => finish(await cleanupCommand(flags)));
}

function addLmsCommands(program: Command, finish: Finish): void {
  program
    .command('moodle')
    .description("fill Moodle's grading worksheet from the last gradebook")
    .requiredOption('--worksheet <file>', 'as Moodle\'s "Download grading worksheet" gives it')
    .requiredOption('--out <file>', 'the worksheet to upload')
    .option('--feedback <zip>', 'also the pages, for "Upload multiple feedback files in a zip"')
    .action(async (flags: { worksheet: string; out: string; feedback?: string }) =>
      finish(await moodleCommand(flags)),
    );
  program
    .command('canvas')
    .description("fill an assignment's column of Canvas's gradebook export from the last gradebook")
    .requiredOption('--export <file>', 'as Canvas exports its gradebook')
    .requiredOption('--assignment <name>', 'the column, with or without its number')
    .requiredOption('--out <file>', 'the CSV to import')
    .action((flags: { export: string; assignment: string; out: string }) => finish(canvasCommand(flags)));
  program
    .command('gradescope')
    .description('write the autograder that Gradescope takes, as a zip')
    .requiredOption('--out <zip>', 'where it is written')
    .action(async (flags: { out: string }) => finish(await gradescopeCommand(flags)));
  program
    .command('gradescope-run', { hidden: true })
    .requiredOption('--submission <folder>')
    .requiredOption('--out <file>')
    .action(async (flags: { submission: string; out: string }) => finish(await gradescopeRunCommand(flags)));
  program
    .command('github-classroom')
    .description('write the workflow that grades every push for GitHub Classroom')
    .requiredOption('--out <file>', 'where it is written')
    .action(async (flags: { out: string }) => finish(await githubClassroomCommand(flags)));
}

function addServerAndMaintainerCommands(program: Command, finish: Finish): void {
  program
    .command('kafka')
    .description('run a broker in the foreground; the other commands use it while it runs')
    .option('--brokers <number>', '1 or 3', oneOrThree, 1)
    .option('--port <number>', 'of the first broker, as in 9092; further ones take the ports behind it', port)
    .action(async (flags: { brokers: 1 | 3; port?: number }) => finish(await kafkaCommand(flags)));
  program
    .command('lab')
    .description('the chapter’s hands-on lab as an HTTP server on 127.0.0.1')
    .option('--port <number>', 'default 8080', port)
    .action(async (flags: { port?: number }) => finish(await labCommand(flags)));
  program
    .command('playground')
    .description('the player and its scenarios as one page that needs no broker and no network')
    .option('--out <folder>', 'write the page there as index.html instead of serving it')
    .option('--port <number>', 'default: any free one', port)
    .action(async (flags: PlaygroundFlags) => {
      await runPlaygroundCommand(flags);
      finish(EXIT.ok);
    });
  program
    .command('bench')
    .description('the producer against its peers, on one broker in one run')
    .option('--json <file>', 'write all figures as JSON')
    .option('--quick', 'few records and one round: shows that it works, not how fast')
    .option('--rounds <number>', 'default 3', rounds)
    .option('--scaling', 'also from 1 to 96 partitions and from 10 B to 100 KB')
    .option('--only <word...>', 'only the clients with one of these words in their names')
    .action(async (flags: BenchFlags & { json?: string }) => finish(await benchCommand(flags)));
  program
    .command('benchmark [setting...]')
    .description('one configuration of our producer, as in messages=100000 batchSize=65536 lingerMs=50')
    .option('--against <setting...>', 'a second configuration, measured in interleaved rounds')
    .option('--rounds <number>', 'of a comparison', rounds)
    .action(async (texts: string[], flags: { against?: string[]; rounds?: number }) =>
      finish(await benchmarkCommand(texts, flags)),
    );
  program
    .command('notebooks [name...]')
    .description('run notebooks headless, top to bottom')
    .option('--clean', 'take the outputs out of the notebooks instead')
    .option('--twice', 'every cell twice before the next one')
    .action(async (names: string[], flags: { clean?: boolean; twice?: boolean }) =>
      finish(await notebooksCommand(names, flags)),
    );
  program
    .command('book')
    .description('run the notebooks and make a static site of them and of the exercises')
    .option('--out <folder>', 'where it is written (default: book/)')
    .option('--no-run', 'take the outputs of the last npm run notebooks')
    .action(async (flags: BookOptions) => finish(await bookCommand(flags)));
  program
    .command('browser [notebook...]')
    .description('open JupyterLab in a real Chromium, run the notebooks and look at them')
    .option('--pictures <folder>', 'keep a picture of every chart, in the light and in the dark theme')
    .option('--book <folder>', 'read a book that npm run book has written instead')
    .option('--player', 'only the player and the playground')
    .action(async (names: string[], flags: { pictures?: string; book?: string; player?: boolean }) =>
      finish(await browserCommand({ names, ...flags })),
    );
  program
    .command('branch <name>')
    .description(`write the local branch ${BRANCHES.join(' or ')}; the work tree is not touched`)
    .option('--from <commit>', 'the commit that it is made from', 'HEAD')
    .action((name: string, flags: { from: string }) => finish(branchCommand(name, flags)));
  program
    .command('new <slug>')
    .description('make the files of a new exercise, which can be graded at once')
    .action((slug: string) => finish(newCommand(slug)));
  program
    .command('stubs')
    .description('write what is generated: exercises/ from solutions/, docs/settings.md')
    .action(() => finish(stubsCommand()));
  program
    .command('check')
    .description('the maintainer’s gate: lint, formatting, types, stubs, notebooks, wrong answers, mutants')
    .action(async () => finish(await checkCommand()));
  program
    .command('simulate')
    .description(
      'the producer through generated schedules on a virtual clock; every promise is checked in each',
    )
    .option('--runs <number>', 'how many schedules (default: 2000)', wholeNumber)
    .option('--seed <number>', 'of the schedules (default: drawn and printed)', seed)
    .option('--path <path>', 'replay one schedule of the seed', schedulePath)
    .option('--minutes <number>', 'how long at most', minutes)
    .option('--json <file>', 'write the result as JSON')
    .option(
      '--planted [fault...]',
      'plant known faults in the producer instead, and say which schedule finds each',
    )
    .addOption(new Option('--plant <file>').hideHelp())
    .action(async (flags: SimulateFlags) => finish(await simulateCommand(flags)));
  program
    .command('mutants [exercise...]')
    .description('of that gate only the mutants of these solutions: small mistakes that graders have to find')
    .action(async (words: string[]) => finish(await mutantsCommand(words)));
}

/** One sentence on stderr, and the exit code that goes with it. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // commander has printed its own sentence, or the help
  }
  if (error instanceof UsageError || error instanceof CourseError) {
    console.error(error.message);
    if (process.env['COURSE_DEBUG'] !== undefined && error.cause !== undefined) console.error(error.cause);
    return EXIT.usage;
  }
  console.error(error);
  return EXIT.wrong;
}

/** Runs one command of the course and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  endWithParent();
  let code: ExitCode = EXIT.ok;
  const program = new Command('course')
    .description('Kafka Producer Internals, in TypeScript')
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('Add --help to see what it takes.')
    .exitOverride();
  addLearnerCommands(program, (result) => (code = result));
  addClassroomCommands(program, (result) => (code = result));
  addLmsCommands(program, (result) => (code = result));
  addServerAndMaintainerCommands(program, (result) => (code = result));
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    code = report(error);
  }
  process.exit(code);
}

'use strict';

// Runs inside jest's own process, which loads reporters as plain JavaScript. Writes every test file's result as one JSON
// line for src/course/grading/jest-run.ts, and one line of progress for the person who waits.
const fs = require('node:fs');
const path = require('node:path');
const { styleText } = require('node:util');

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const mark = (ok) => (ok ? styleText('green', '✓') : styleText('red', '✗'));

module.exports = class CourseReporter {
  constructor(globalConfig, { resultsFile }) {
    this.root = globalConfig.rootDir;
    this.resultsFile = resultsFile;
  }

  onTestFileResult(test, result) {
    const answers = test.context.config.globals.COURSE_ANSWERS;
    const file = path.relative(this.root, test.path);
    const tests = result.testResults.map(({ title, fullName, status, failureMessages }) => {
      return { title, fullName, status, message: failureMessages.join('\n\n') };
    });
    const durationMs = result.perfStats.end - result.perfStats.start;
    // A file that does not even load has no tests; what went wrong there is all that is known.
    const line = {
      answers: answers ? answers.name : null,
      file,
      durationMs,
      tests,
      crash: result.testExecError ? result.failureMessage : '',
    };
    fs.appendFileSync(this.resultsFile, `${JSON.stringify(line)}\n`);
    this.print(line);
  }

  /** Graders speak for themselves on the scoreboard; a course test that failed is shown where it failed. */
  print({ answers, file, durationMs, tests, crash }) {
    const failed = tests.filter(({ status }) => status === 'failed');
    const took = styleText('dim', seconds(durationMs));
    if (answers !== null) {
      console.error(styleText('dim', `  graded ${path.basename(file, '.test.ts')} (${answers})`), took);
      return;
    }
    console.error(`  ${mark(failed.length === 0 && crash === '')} ${file} ${took}`);
    for (const { fullName, message } of failed)
      console.error(`\n${styleText('red', fullName)}\n${message}\n`);
    if (crash !== '') console.error(crash);
  }
};

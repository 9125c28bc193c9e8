'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * A pattern for files below `test/`. Jest puts <rootDir> into patterns and globs as it is, but a folder may be called `Kurs (1)`
 * or `[1]`.
 */
const inTest = (pattern) =>
  `^${path.join(__dirname, 'test').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[/\\\\]${pattern}`;

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  // Nothing that a run leaves in .course or reports is looked at.
  roots: ['<rootDir>/test', '<rootDir>/src'],
};

const courseTests = {
  ...shared,
  displayName: 'course',
  testRegex: [inTest('.*\\.test\\.ts$')],
  testPathIgnorePatterns: [inTest('(exercises|wrong-answers)[/\\\\]'), inTest('.*\\.tools\\.test\\.ts$')],
};

/** Whole commands, kernels and classes: as much work as all other tests together, and nothing that an answer can break. */
const toolTests = { ...shared, displayName: 'tools', testRegex: [inTest('.*\\.tools\\.test\\.ts$')] };

/** The graders (all, or those of `slugs`) for one set of answers: a folder laid out like `exercises/`. */
const graders = ({ slugs = ['[^/\\\\]+'], ...answers }) => ({
  ...shared,
  displayName: answers.name,
  testRegex: slugs.map((slug) => inTest(`exercises[/\\\\]${slug}\\.test\\.ts$`)),
  globals: { COURSE_ANSWERS: answers },
});

/** Answer sets (src/course/grading/jest-run.ts) from the command that started jest; by default whichever of the two there is. */
const answerSets = process.env.COURSE_ANSWER_SETS
  ? JSON.parse(process.env.COURSE_ANSWER_SETS)
  : ['solutions', 'exercises']
      .map((name) => ({ name, folder: path.join(__dirname, name) }))
      .filter(({ folder }) => fs.existsSync(folder));

/** @type {import('jest').Config} */
module.exports = {
  projects: [courseTests, toolTests, ...answerSets.map(graders)],
  maxWorkers: 2,
  testTimeout: 60_000,
};

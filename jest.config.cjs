'use strict';

const fs = require('node:fs');
const path = require('node:path');

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  modulePathIgnorePatterns: ['<rootDir>/.course/', '<rootDir>/reports/'],
};

const courseTests = {
  ...shared,
  displayName: 'course',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '<rootDir>/test/exercises/',
    '<rootDir>/test/wrong-answers/',
    '\\.tools\\.test\\.ts$',
  ],
};

/** Whole commands, kernels and classes: as much work as all other tests together, and nothing that an answer can break. */
const toolTests = { ...shared, displayName: 'tools', testMatch: ['<rootDir>/test/**/*.tools.test.ts'] };

/** The graders (all, or those of `slugs`) for one set of answers: a folder laid out like `exercises/`. */
const graders = ({ slugs = ['*'], ...answers }) => ({
  ...shared,
  displayName: answers.name,
  testMatch: slugs.map((slug) => `<rootDir>/test/exercises/${slug}.test.ts`),
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

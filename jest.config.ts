import type { Config } from 'jest';

const shared: Config = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  modulePathIgnorePatterns: ['<rootDir>/.course/', '<rootDir>/reports/'],
};

const config: Config = {
  // One run: the course's own tests. The graders join it as projects of their own, see src/course/grading/.
  projects: [
    {
      ...shared,
      displayName: 'course',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/exercises/', '<rootDir>/test/wrong-answers/'],
    },
  ],
  maxWorkers: 2,
  testTimeout: 60_000,
};

export default config;

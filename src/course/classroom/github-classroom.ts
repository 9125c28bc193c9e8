import type { ExerciseDefinition } from '../exercises/exercise-definition';

/** All that an exercise has to give, by its slug. */
export type PointsBySlug = Readonly<Record<string, number>>;

/**
 * A workflow for GitHub Classroom's own graders and reporter: one step for each exercise, which gives its points when all of
 * its tests pass. Classroom counts whole points, so each is rounded and at least 1.
 */
export function classroomWorkflow(exercises: readonly ExerciseDefinition[], points: PointsBySlug): string {
  const steps = exercises.map(({ slug, title }) => {
    const id = slug.replace(/[^a-z0-9]+/g, '_');
    return { id: `exercise_${id}`, slug, title, score: Math.max(1, Math.round(points[slug] ?? 1)) };
  });
  const lines = [
    '# Written by `npm run course -- github-classroom`. Grades every push of a learner, and tells GitHub Classroom.',
    'name: GitHub Classroom',
    'on: [push, workflow_dispatch]',
    'permissions:',
    '  contents: read',
    '  checks: write',
    '  actions: read',
    'concurrency:',
    '  group: classroom-${{ github.ref }}',
    '  cancel-in-progress: true',
    'jobs:',
    '  grade:',
    '    runs-on: ubuntu-latest',
    "    if: github.actor != 'github-classroom[bot]'",
    '    timeout-minutes: 30',
    '    env:',
    '      COURSE_BROKER: embedded',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - uses: actions/setup-node@v4',
    '        with:',
    '          node-version: 24',
    '          cache: npm',
    '      - name: Install, and start Kafka once',
    '        run: npm run --silent grade -- key-partitioner --answers stubs',
    ...steps.flatMap(({ id, slug, title, score }) => [
      `      - name: '${title.replaceAll("'", "''")}'`,
      `        id: ${id}`,
      '        uses: classroom-resources/autograding-command-grader@v1',
      '        with:',
      `          test-name: ${slug}`,
      `          command: npm run --silent grade -- ${slug} --strict`,
      '          timeout: 10',
      `          max-score: ${score}`,
    ]),
    '      - name: Report to GitHub Classroom',
    '        uses: classroom-resources/autograding-grading-reporter@v1',
    '        env:',
    ...steps.map(({ id }) => `          ${id.toUpperCase()}_RESULTS: '\${{ steps.${id}.outputs.result }}'`),
    '        with:',
    `          runners: ${steps.map(({ id }) => id).join(',')}`,
    '',
  ];
  return lines.join('\n');
}

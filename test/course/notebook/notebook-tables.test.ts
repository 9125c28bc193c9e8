import { configRows } from '../../../src/course/notebook/config-table';
import { courseMapBundle, exercisesBundle, NOTEBOOKS } from '../../../src/course/notebook/course-map';
import { EXERCISES } from '../../../src/course/exercises/manifest';

test('a setting is told with the classic default, today’s from the producer itself, and since when', () => {
  expect(configRows(['linger.ms', 'batch.size'])).toEqual([
    {
      setting: 'linger.ms',
      classic: '0',
      today: '5',
      since: '4.0 (KIP-1030)',
      meaning: 'how long a batch may wait for more records',
    },
    expect.objectContaining({ setting: 'batch.size', classic: '16384', today: '16384', since: '' }),
  ]);
});

test('exactly the settings whose default is another one say since when', () => {
  const rows = configRows([
    ...(['batch.size', 'linger.ms', 'buffer.memory', 'max.block.ms', 'compression.type'] as const),
    ...(['max.request.size', 'acks', 'retries', 'enable.idempotence', 'delivery.timeout.ms'] as const),
    ...(['max.in.flight.requests.per.connection', 'request.timeout.ms'] as const),
  ]);
  for (const { classic, today, since } of rows) expect(since !== '').toBe(classic !== today);
});

test('a setting of which nothing is told is an error that names it', () => {
  expect(() => configRows(['client.id'])).toThrow(/client\.id/);
});

describe('the map of the course', () => {
  test('names every notebook and every exercise, each under the notebook that prepares for it', () => {
    const bundle = courseMapBundle({});
    for (const { slug } of NOTEBOOKS) expect(bundle['text/plain']).toContain(slug);
    for (const { slug, notebook } of EXERCISES) {
      expect(NOTEBOOKS.map((one) => one.slug)).toContain(notebook);
      expect(bundle['text/markdown']).toContain(`[${slug}](../exercises/${slug}/README.md) · not started`);
    }
  });

  test('says what passed and what comes next', () => {
    const text = courseMapBundle({ '04-batch-readiness': 'pass' })['text/plain'];
    expect(text).toMatch(
      new RegExp(`^1 of ${EXERCISES.length} exercises passed. Next: 05-buffer-pool, prepared by`),
    );
  });

  test('takes the exercises in the order of the notebooks', () => {
    expect(courseMapBundle({})['text/plain']).toMatch(/Next: 04-batch-readiness, prepared by/);
    const firstNotebook = { '04-batch-readiness': 'pass', '05-buffer-pool': 'pass' } as const;
    expect(courseMapBundle(firstNotebook)['text/plain']).toMatch(/Next: 01-high-throughput, prepared by/);
  });

  test('says when all is done', () => {
    const all = Object.fromEntries(EXERCISES.map(({ slug }) => [slug, 'pass'] as const));
    expect(courseMapBundle(all)['text/plain']).toMatch(/^All \d+ exercises passed\./);
  });
});

describe('the exercises of a notebook', () => {
  test('come with the last result and the command that grades them', () => {
    const bundle = exercisesBundle('01-architecture', { '05-buffer-pool': 'fail' });
    expect(bundle['text/plain']).toContain(
      '04-batch-readiness  · not started  npm run grade -- 04-batch-readiness',
    );
    expect(bundle['text/plain']).toContain('05-buffer-pool  ✗ not right yet');
  });

  test('of a notebook that there is not are an error', () => {
    expect(() => exercisesBundle('08-nowhere', {})).toThrow(/"08-nowhere".*01-architecture/);
  });
});

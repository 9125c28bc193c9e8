import fs from 'node:fs';
import path from 'node:path';
import { Eta } from 'eta';
import type { VegaLiteSpec } from '../../charts/vega-lite-spec';
import type { ChartResult, ExerciseStatus, GradingResult } from '../grading/result';
import { PROJECT_ROOT } from '../exercises/manifest';
import { dataTables } from './data-table';

/** One set of answers on the page. */
export interface ReportSection {
  readonly id: string;
  readonly heading: string;
  readonly result: GradingResult;
  /** The answers by exercise, to be shown beside what the tests say. */
  readonly code?: Readonly<Record<string, readonly { readonly file: string; readonly text: string }[]>>;
  /** What else there is to tell, one sentence each. */
  readonly remarks?: readonly string[];
}

const WORDS: Record<ExerciseStatus, string> = {
  pass: 'passed',
  fail: 'not right yet',
  error: 'error',
  timeout: 'timed out',
  todo: 'not started',
  'not-judged': 'not judged',
};

const SIGNS: Record<ExerciseStatus, string> = {
  pass: '✓',
  fail: '✗',
  error: '✗',
  timeout: '✗',
  todo: '·',
  'not-judged': '?',
};

/** In the order in which they need one another. */
const SCRIPTS = [
  'vega/build/vega.min.js',
  'vega-lite/build/vega-lite.min.js',
  'vega-embed/build/vega-embed.min.js',
];

const PAGE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Text inside a script element must not end it. */
const inScript = (text: string): string => text.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');

/**
 * One self-contained page: every exercise, its tests and its charts. It needs no network: the chart library is in the page,
 * and each chart is a picture first, which becomes interactive where scripts run.
 */
export function writeHtmlReport(file: string, title: string, sections: readonly ReportSection[]): void {
  const eta = new Eta({ views: __dirname, autoEscape: true });
  const scripts = SCRIPTS.map((script) => inScript(readProjectFile('node_modules', script)));
  const html = eta.render('./report', {
    title,
    sections,
    kafka: sections[0]!.result.kafka,
    madeAt: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    words: WORDS,
    signs: SIGNS,
    scripts,
    charts: [],
    tables: (chart: ChartResult) => dataTables(chart.spec),
    svg: (chart: ChartResult) => readProjectFile(chart.file),
    // The library in the page is the one that draws: told of version 5, which notebooks need, it would warn.
    forPage: (spec: VegaLiteSpec) => ({ ...spec, $schema: PAGE_SCHEMA }),
    json: (value: unknown) => inScript(JSON.stringify(value)),
  });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, html);
}

function readProjectFile(...parts: string[]): string {
  return fs.readFileSync(path.join(PROJECT_ROOT, ...parts), 'utf8');
}

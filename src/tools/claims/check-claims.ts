import fs from 'node:fs';
import path from 'node:path';
import { ensureJars, lockedKafkaVersion } from '../../broker/embedded/jars';
import { EXERCISES, PROJECT_ROOT } from '../../course/exercises/manifest';
import { KafkaClasses } from './kafka-classes';

/** A factual claim about Kafka: the words of the page, and what shows that they are true. */
export interface Claim {
  /** A quotation from the page. Line breaks and Markdown's `*`, `` ` `` and `>` do not matter. */
  readonly says: string;
  /** `cell ID`, `test FILE › part of a title`, `row ID`, or `kafka Class#member`; one or more. */
  readonly shown: readonly string[];
}

/** A file of docs/claims: the claims of one notebook or exercise. */
export interface ClaimsFile {
  /** `notebooks/NAME.ipynb`, `exercises/SLUG` (its README, hints and what is learnt), or another text. */
  readonly page: string;
  readonly claims: readonly Claim[];
}

/** docs/claims/checked-against.json: for which Kafka the claims were last shown. */
interface CheckedAgainst {
  readonly kafka: string;
}

export interface ClaimsReport {
  readonly claims: number;
  readonly complaints: readonly string[];
}

export interface ClaimsSources {
  /** The project, or a folder like it. */
  readonly root: string;
  readonly kafkaVersion: string;
  readonly classes: Pick<KafkaClasses, 'complaintAbout'>;
}

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: readonly string[] | string;
}

const FOLDER = path.join('docs', 'claims');
const VERSION_FILE = 'checked-against.json';

/** Checks all claims of the course; needs the jars of the embedded broker. */
export async function checkCourseClaims(): Promise<ClaimsReport> {
  const jars = await ensureJars('broker');
  const sources = { root: PROJECT_ROOT, kafkaVersion: lockedKafkaVersion(), classes: new KafkaClasses(jars) };
  return checkClaims(sources);
}

/** Checks that each page still says what is claimed, and that each piece of evidence exists. */
export function checkClaims({ root, kafkaVersion, classes }: ClaimsSources): ClaimsReport {
  const folder = path.join(root, FOLDER);
  const complaints = complaintsAboutVersion(folder, kafkaVersion);
  const tests = testSources(path.join(root, 'test'));
  let claims = 0;
  for (const name of fs.readdirSync(folder).sort()) {
    if (!name.endsWith('.json') || name === VERSION_FILE) continue;
    const { page, claims: listed } = JSON.parse(
      fs.readFileSync(path.join(folder, name), 'utf8'),
    ) as ClaimsFile;
    const text = plain(pageText(root, page));
    const cells = page.endsWith('.ipynb') ? cellsOf(root, page) : [];
    for (const { says, shown } of listed) {
      claims += 1;
      const complain = (what: string) => complaints.push(`${FOLDER}/${name}: "${says}": ${what}`);
      if (!text.includes(plain(says))) complain(`${page} does not say this any more`);
      if (shown.length === 0) complain('nothing shows it');
      for (const evidence of shown) {
        const complaint = complaintAbout(evidence, { cells, tests, classes });
        if (complaint !== null) complain(complaint);
      }
    }
  }
  return { claims, complaints };
}

function complaintsAboutVersion(folder: string, kafkaVersion: string): string[] {
  const file = path.join(folder, VERSION_FILE);
  const { kafka } = JSON.parse(fs.readFileSync(file, 'utf8')) as CheckedAgainst;
  if (kafka === kafkaVersion) return [];
  return [
    `The claims were shown for Kafka ${kafka}, and the course now has ${kafkaVersion}: run the tests and notebooks that docs/claims cites, then write ${kafkaVersion} into docs/claims/${VERSION_FILE}.`,
  ];
}

interface Evidence {
  readonly cells: readonly Cell[];
  readonly tests: ReadonlyMap<string, string>;
  readonly classes: Pick<KafkaClasses, 'complaintAbout'>;
}

function complaintAbout(evidence: string, { cells, tests, classes }: Evidence): string | null {
  const [, kind, what = ''] = /^(cell|test|row|kafka) (.+)$/.exec(evidence) ?? [];
  switch (kind) {
    case 'cell': {
      const cell = cells.find(({ id }) => id === what);
      if (cell?.cell_type !== 'code') return `the notebook has no code cell ${what}`;
      const checks = /\b(claim|expectError)\(/.test(sourceOf(cell));
      return checks ? null : `the cell ${what} checks nothing: it calls neither claim() nor expectError()`;
    }
    case 'test': {
      const [file = '', title = ''] = what.split(' › ');
      const source = tests.get(file);
      if (source === undefined) return `there is no file ${file}`;
      return title !== '' && source.includes(title) ? null : `${file} has no test "${title}"`;
    }
    case 'row': {
      // The title of a test of a behaviour begins with its id, or with several (test/producer/behaviours.test.ts).
      const titled = new RegExp(`['"\`](?:[A-L]-\\d+[ ,]+)*${what}\\b`);
      return [...tests.values()].some((source) => titled.test(source)) ? null : `no test is called ${what} …`;
    }
    case 'kafka':
      return classes.complaintAbout(what);
    default:
      return `"${evidence}" is no evidence: write cell, test, row or kafka in front`;
  }
}

function pageText(root: string, page: string): string {
  if (page.endsWith('.ipynb')) return cellsOf(root, page).map(sourceOf).join('\n');
  const exercise = EXERCISES.find(({ slug }) => page === `exercises/${slug}`);
  if (exercise === undefined) return fs.readFileSync(path.join(root, page), 'utf8');
  const readme = fs.readFileSync(path.join(root, page, 'README.md'), 'utf8');
  return [readme, ...exercise.hints, exercise.learnt].join('\n');
}

function cellsOf(root: string, page: string): readonly Cell[] {
  return (JSON.parse(fs.readFileSync(path.join(root, page), 'utf8')) as { cells: Cell[] }).cells;
}

function sourceOf({ source }: Cell): string {
  return typeof source === 'string' ? source : source.join('');
}

/** Without emphasis, code marks, quotation marks of Markdown and line breaks: what a reader sees. */
function plain(text: string): string {
  return text.replace(/[*`>]/g, '').replace(/\s+/g, ' ').trim();
}

/** Every file of tests by its path from the project's root, with slashes. */
function testSources(folder: string): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.test.ts')) continue;
    const file = path.join(folder, name);
    sources.set(`test/${name.split(path.sep).join('/')}`, fs.readFileSync(file, 'utf8'));
  }
  return sources;
}

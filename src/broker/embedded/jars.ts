import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CourseError } from '../../support/course-error';
import { describeInstallFailure } from '../../support/install-failure.cjs';
import { withLockFile } from '../../support/lock-file';
import { coursePath } from '../../support/project-paths';
import { ensurePythonEnv, pythonEnvironment } from '../../support/python-env';
import { lastLines, runCommand } from '../../support/run-command';

/** `broker`: what a broker loads. `tools`: Apache Kafka's own clients' tools, for comparisons; on top of `broker`. */
export type JarGroup = 'broker' | 'tools';

interface JarLock extends Record<JarGroup, { coordinate: string; file: string; sha256: string }[]> {
  kafka: string;
}

const LOCK_FILE = join(__dirname, 'jars.lock.json');
const FETCH_JARS = join(__dirname, 'fetch_jars.py');
const FOLDERS: Record<JarGroup, string> = { broker: 'libs', tools: 'tools-libs' };

function readLock(): JarLock {
  return JSON.parse(readFileSync(LOCK_FILE, 'utf8')) as JarLock;
}

/** The version of Apache Kafka that the lock names. */
export function lockedKafkaVersion(): string {
  return readLock().kafka;
}

/** A first start has more to say than the names of 33 files. */
const JARS_PER_LINE = 10;

/** Fetches what is missing of a group and returns the full paths, in the order of the class path. */
export async function ensureJars(group: JarGroup, onProgress?: (line: string) => void): Promise<string[]> {
  const folder = coursePath('kafka', FOLDERS[group]);
  const jars = readLock()[group];
  const paths = jars.map(({ file }) => join(folder, file));
  const stamp = join(folder, '.whole');
  const wanted = createHash('sha256').update(JSON.stringify(jars)).digest('hex');
  // The stamp vouches for the content, the look at each name for what was deleted since.
  const isWhole = () =>
    existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && paths.every((path) => existsSync(path));
  if (isWhole()) return paths;
  const onWait = (pid: number) =>
    onProgress?.(`Another command (process ${pid}) is fetching Kafka: waiting for it.`);
  const fetchMissing = async () => {
    if (isWhole()) return;
    await fetchJars(group, folder, onProgress);
    writeFileSync(stamp, wanted);
  };
  await withLockFile(coursePath('locks', `jars-${group}.lock`), fetchMissing, onWait);
  return paths;
}

async function fetchJars(
  group: JarGroup,
  folder: string,
  onProgress?: (line: string) => void,
): Promise<void> {
  const python = await ensurePythonEnv({ requirements: 'requirements/kafka.txt', onProgress });
  onProgress?.(`Fetching Apache Kafka ${lockedKafkaVersion()} (${group}) ...`);
  mkdirSync(folder, { recursive: true });
  const onLine = (line: string) => {
    const [done, total] = line.split(' ').map(Number) as [number, number];
    if (done % JARS_PER_LINE === 0 || done === total) onProgress?.(`Fetched ${done} of ${total} jars`);
  };
  const result = await runCommand(python, [FETCH_JARS, LOCK_FILE, group, folder], {
    onLine,
    env: pythonEnvironment(),
  });
  if (result.exitCode === 0) return;
  const { sentence } = describeInstallFailure({
    what: `Apache Kafka ${lockedKafkaVersion()}`,
    tool: 'the fetcher of jars',
    text: result.stdout + result.stderr,
    platform: `${process.platform}-${process.arch}`,
  });
  throw new CourseError(sentence, 'PREREQUISITE', { cause: new Error(lastLines(result.stderr)) });
}

export function classPath(jars: readonly string[]): string {
  return jars.join(delimiter);
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { withLockFile } from '../../support/lock-file';
import { coursePath } from '../../support/project-paths';
import { freePorts } from '../free-ports';
import { GuardedJvms } from './guarded-jvms';
import type { JavaRuntime } from './java';
import {
  archiveSuffix,
  classPathFrom,
  JVM_FLAGS,
  kafkaArguments,
  makeArchive,
  READY_TEXT,
} from './jvm-flags';
import { formatProperties, nodeProperties } from './properties';
import { createRunFolder, RUN_FOLDERS } from './run-folder';
import { copyStorage } from './storage';

/** Writing the archive happens while the JVM ends, and takes seconds. */
const WRITE_WITHIN_MS = 60_000;
/** One for the Java in use and one for the last before it; each is 50 to 70 MB. */
const ARCHIVES_KEPT = 2;

export interface KafkaInstallation extends JavaRuntime {
  readonly jars: readonly string[];
  readonly template: string;
}

/**
 * The file with Kafka's classes as this JVM wants them in memory, which halves the time to ready. Made once, by a
 * throw-away broker, for each JVM and class path. Returns undefined where this JVM cannot make one: brokers start without.
 */
export async function ensureArchive(
  installation: KafkaInstallation,
  onProgress?: (line: string) => void,
): Promise<string | undefined> {
  const { versionText, jars } = installation;
  // All run folders lie side by side, so that each sees the jars by the same names.
  const bound = [versionText, classPathFrom(join(RUN_FOLDERS, 'any'), jars), ...JVM_FLAGS].join('\n');
  const key = createHash('sha256').update(bound).digest('hex').slice(0, 12);
  const archive = coursePath('kafka', 'archives', `kafka-${key}.${archiveSuffix(installation)}`);
  const failed = `${archive}.failed`;
  if (existsSync(archive)) return archive;
  if (existsSync(failed)) return undefined;
  await withLockFile(coursePath('locks', 'kafka-archive.lock'), async () => {
    if (existsSync(archive) || existsSync(failed)) return;
    onProgress?.('Preparing Kafka for quick starts (once) ...');
    mkdirSync(dirname(archive), { recursive: true });
    removeOldArchives(dirname(archive));
    const draft = `${archive}.draft`;
    const log = await runThrowAwayBroker(installation, draft);
    if (existsSync(draft)) renameSync(draft, archive);
    else writeFileSync(failed, log);
  });
  return existsSync(archive) ? archive : undefined;
}

/** Runs a broker that writes the archive as it ends. Returns what it printed. */
async function runThrowAwayBroker(installation: KafkaInstallation, archive: string): Promise<string> {
  const { java, jars, template } = installation;
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const folder = createRunFolder();
  const propertiesFile = 'server.properties';
  copyStorage(template, join(folder, 'data'), 1);
  const plan = { brokers: 1 as const, controllerPort, ports: { 1: port } };
  writeFileSync(join(folder, propertiesFile), formatProperties(nodeProperties(plan, 1, 'data')));
  const jvms = new GuardedJvms(folder);
  try {
    const archiveFlag = makeArchive(installation, relative(folder, archive));
    const args = kafkaArguments(jars, folder, { archiveFlag, propertiesFile });
    await jvms.start(1, { java, args, graceMs: WRITE_WITHIN_MS }, READY_TEXT);
    return jvms.describeEnd(1, 'ended without writing an archive');
  } finally {
    await jvms.end();
  }
}

function removeOldArchives(folder: string): void {
  const age = (name: string) => statSync(join(folder, name)).mtimeMs;
  const newestFirst = readdirSync(folder).sort((a, b) => age(b) - age(a));
  for (const name of newestFirst.slice(ARCHIVES_KEPT - 1)) rmSync(join(folder, name), { force: true });
}

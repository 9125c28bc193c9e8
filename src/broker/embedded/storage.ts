import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CourseError } from '../../support/course-error';
import { withLockFile } from '../../support/lock-file';
import { coursePath } from '../../support/project-paths';
import { lastLines, runCommand } from '../../support/run-command';
import { classPath } from './jars';
import { jvmEnvironment } from './jvm-environment';
import { classPathFrom, JVM_FLAGS } from './jvm-flags';
import { formatProperties, nodeProperties } from './properties';

const META_PROPERTIES = 'meta.properties';

/** Runs Kafka's StorageTool once on a fresh folder. Neither the ports nor the node's id matter to what it writes. */
export async function formatStorage(
  java: string,
  jars: readonly string[],
  folder: string,
  extraArguments: readonly string[] = [],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const propertiesFile = `${folder}.format.properties`;
  const plan = { brokers: 1 as const, controllerPort: 9093, ports: { 1: 9092 } };
  writeFileSync(propertiesFile, formatProperties(nodeProperties(plan, 1, basename(folder))));
  const clusterId = uuid();
  const tool = [
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    basename(propertiesFile),
    ...extraArguments,
  ];
  const cwd = dirname(folder);
  const args = [...JVM_FLAGS, '-cp', classPathFrom(cwd, jars), ...tool];
  const result = await runCommand(java, args, { cwd, env: jvmEnvironment() });
  rmSync(propertiesFile, { force: true });
  if (result.exitCode === 0) return;
  throw new CourseError(
    'Kafka could not format its data folder: see that .course is writable and the disk is not full, then run the command again.',
    'BROKER',
    { cause: new Error(lastLines(result.stdout + result.stderr)) },
  );
}

/** The formatted folder that every start copies: formatting takes a JVM a second, copying a few small files takes none. */
export async function ensureTemplate(java: string, jars: readonly string[]): Promise<string> {
  const key = createHash('sha256').update(classPath(jars)).digest('hex').slice(0, 12);
  const template = coursePath('kafka', `template-${key}`);
  if (existsSync(template)) return template;
  await withLockFile(coursePath('locks', 'kafka-template.lock'), async () => {
    if (existsSync(template)) return;
    const draft = `${template}.draft`;
    rmSync(draft, { recursive: true, force: true });
    await formatStorage(java, jars, draft);
    renameSync(draft, template);
  });
  return template;
}

/** Makes a node's data folder from a formatted one; only the ids in meta.properties tell nodes of one cluster apart. */
export function copyStorage(template: string, folder: string, nodeId: number): void {
  copyFolder(template, folder);
  const meta = readFileSync(join(template, META_PROPERTIES), 'utf8')
    .replace(/^node\.id=.*$/m, `node.id=${nodeId}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${uuid()}`);
  writeFileSync(join(folder, META_PROPERTIES), meta);
}

/** A few small files. Node's own cpSync ends the whole process on Windows where the path has letters beyond ASCII. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyFolder(source, target);
    else copyFileSync(source, target);
  }
}

/** As Kafka's Uuid prints: 16 bytes in URL-safe base64, never with a leading dash. */
function uuid(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

import { relative } from 'node:path';
import { classPath } from './jars';
import type { JavaRuntime } from './java';
import { NEUTRAL_JVM_FLAGS } from './jvm-environment';

/** What a small broker that has to be ready soon gets: 2.2 s to ready without these, 1.5 s with them. */
export const JVM_FLAGS: readonly string[] = [
  ...NEUTRAL_JVM_FLAGS,
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-XX:+ExitOnOutOfMemoryError',
  '-Xms48m',
  '-Xmx256m',
  '-Xss512k',
  '-Djava.awt.headless=true',
  '-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  // Prints the line that READY_TEXT is part of.
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
];

export const READY_TEXT = 'Kafka Server started';

/** The AOT cache came with 24 and is made in one step since 25. A jlinked runtime has no base archive for AppCDS. */
function hasAotCache({ javaMajor }: JavaRuntime): boolean {
  return javaMajor >= 25;
}

export function archiveSuffix(runtime: JavaRuntime): string {
  return hasAotCache(runtime) ? 'aot' : 'jsa';
}

/** @param archive as the JVM sees it from the folder that it works in */
export function useArchive(runtime: JavaRuntime, archive: string): string {
  return hasAotCache(runtime) ? `-XX:AOTCache=${archive}` : `-XX:SharedArchiveFile=${archive}`;
}

/** @param archive as the JVM sees it from the folder that it works in */
export function makeArchive(runtime: JavaRuntime, archive: string): string {
  return hasAotCache(runtime) ? `-XX:AOTCacheOutput=${archive}` : `-XX:ArchiveClassesAtExit=${archive}`;
}

/**
 * The class path as seen from the folder that a JVM works in. It has no part of the checkout's own path: a `:` in that
 * would end an entry.
 */
export function classPathFrom(folder: string, jars: readonly string[]): string {
  return classPath(jars.map((jar) => relative(folder, jar)));
}

/** @param propertiesFile in `folder`, which is what the JVM works in */
export function kafkaArguments(
  jars: readonly string[],
  folder: string,
  { archiveFlag, propertiesFile }: { archiveFlag: string | undefined; propertiesFile: string },
): string[] {
  return [
    // Says to whom the process belongs, for the sweep of a later start; Java has no use for it.
    `-Dcourse.run=${folder}`,
    ...JVM_FLAGS,
    ...(archiveFlag ? [archiveFlag] : []),
    '-cp',
    classPathFrom(folder, jars),
    'kafka.Kafka',
    propertiesFile,
  ];
}

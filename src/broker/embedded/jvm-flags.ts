import { classPath } from './jars';
import type { JavaRuntime } from './java';

/** What a small broker that has to be ready soon gets: 2.2 s to ready without these, 1.5 s with them. */
export const JVM_FLAGS: readonly string[] = [
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

export function useArchive(runtime: JavaRuntime, archive: string): string {
  return hasAotCache(runtime) ? `-XX:AOTCache=${archive}` : `-XX:SharedArchiveFile=${archive}`;
}

export function makeArchive(runtime: JavaRuntime, archive: string): string {
  return hasAotCache(runtime) ? `-XX:AOTCacheOutput=${archive}` : `-XX:ArchiveClassesAtExit=${archive}`;
}

export function kafkaArguments(
  jars: readonly string[],
  archiveFlag: string | undefined,
  propertiesFile: string,
): string[] {
  return [
    ...JVM_FLAGS,
    ...(archiveFlag ? [archiveFlag] : []),
    '-cp',
    classPath(jars),
    'kafka.Kafka',
    propertiesFile,
  ];
}

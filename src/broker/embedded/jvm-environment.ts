import { platform } from 'node:process';

/**
 * What every JVM of the course is told, whatever the machine's language is. In Turkish, Kafka looks for a class `CLASSİC`;
 * in German, its tools print `1,5`; without a UTF-8 locale, what they print loses every letter beyond ASCII.
 */
export const NEUTRAL_JVM_FLAGS: readonly string[] = [
  '-Duser.language=en',
  '-Duser.country=US',
  '-Dfile.encoding=UTF-8',
  '-Dstdout.encoding=UTF-8',
  '-Dstderr.encoding=UTF-8',
];

/** Flags that a user has set for other JVMs: a heap or an agent from there would end or slow down these. */
const FOREIGN = /^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH)$/;
/** They decide how a JVM reads file names, and none of its flags does. LC_ALL wins over all others. */
const LOCALE = /^(LANG|LANGUAGE|LC_.*)$/;

/** The environment for a JVM: on Linux it takes file names for UTF-8 only in such a locale, and containers set none. */
export function jvmEnvironment(
  base: NodeJS.ProcessEnv = process.env,
  system: NodeJS.Platform = platform,
): NodeJS.ProcessEnv {
  const others = Object.entries(base).filter(([name]) => !FOREIGN.test(name) && !LOCALE.test(name));
  // macOS and Windows read file names as Unicode in any locale.
  return { ...Object.fromEntries(others), ...(system === 'linux' && { LC_ALL: 'C.UTF-8' }) };
}

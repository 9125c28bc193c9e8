import { dirname } from 'node:path';
import { ensureJars } from './jars';
import { ensureBundledJava } from './java';

/** For docker/build-image: the parts of the offline image, one path a line: the jars, and the folder of the Java runtime. */
async function printParts(): Promise<void> {
  const onProgress = (line: string) => process.stderr.write(`${line}\n`);
  const jars = await ensureJars('broker', onProgress);
  const { java } = await ensureBundledJava(onProgress);
  process.stdout.write(`${[...jars, dirname(dirname(java))].join('\n')}\n`);
}

printParts().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

import fs from 'node:fs';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface ZipContent {
  readonly name: string;
  readonly bytes: Buffer;
  readonly executable?: boolean;
}

/** Writes a zip whose bytes depend on nothing but its contents. */
export async function writeZip(file: string, contents: readonly ZipContent[]): Promise<void> {
  const zip = new ZipFile();
  for (const { name, bytes, executable = false } of contents) {
    zip.addBuffer(bytes, name, { mtime: new Date(2020, 0, 1), mode: executable ? 0o100755 : 0o100644 });
  }
  zip.end();
  const out = fs.createWriteStream(file);
  zip.outputStream.pipe(out);
  await finished(out);
}

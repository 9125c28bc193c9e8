import fs from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Writes files (path → text) below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

export interface MadeEntry {
  readonly text: string | Buffer;
  /** Default: a regular file. */
  readonly mode?: number;
}

/** A real zip, as an operating system or an LMS makes it. */
export async function writeZip(
  file: string,
  entries: Readonly<Record<string, string | Buffer | MadeEntry>>,
): Promise<void> {
  const zip = new ZipFile();
  for (const [name, entry] of Object.entries(entries)) {
    const { text, mode = 0o100644 } =
      typeof entry === 'string' || Buffer.isBuffer(entry) ? { text: entry } : entry;
    zip.addBuffer(Buffer.from(text), name, { mtime: new Date('2026-11-20T10:00:00Z'), mode });
  }
  zip.end();
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const out = fs.createWriteStream(file);
  zip.outputStream.pipe(out);
  await finished(out);
}

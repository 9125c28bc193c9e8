import fs from 'node:fs';
import path from 'node:path';
import { fromBufferPromise, openPromise, validateFileName } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';

/** A file that somebody handed in, still unread where it came from a folder. */
export interface SubmittedFile {
  /** From the top of what was handed in, with `/`. */
  readonly path: string;
  readonly modified: Date;
  readonly text: string;
}

/** Files, and what was left out of them, in a sentence each. */
export interface Contents {
  readonly files: readonly SubmittedFile[];
  readonly notes: readonly string[];
}

/** What an answer can consist of. */
const TAKEN = /\.(?:[cm]?[jt]s|json)$/i;
const ZIP = /\.zip$/i;
/** Never what a learner hands in. */
const MACHINE_MADE = /^(?:__MACOSX|Thumbs\.db|desktop\.ini|node_modules|\..*)$/i;
const OTHER_ARCHIVE = /\.(?:7z|rar|t?gz|tar|tgz|bz2|xz)$/i;

const LARGEST_FILE_BYTES = 1024 * 1024;
/** Of a zip in a zip, which is read as a whole. */
const LARGEST_ZIP_BYTES = 64 * 1024 * 1024;
/** Of one submission. A zip bomb costs this much and no more. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 2_000;
const DEEPEST_ZIP = 2;

/** Names that archives, editors and systems add. */
export function isIgnored(file: string): boolean {
  return file.split('/').some((part) => MACHINE_MADE.test(part));
}

const isLink = (externalFileAttributes: number): boolean =>
  ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;

const ZIP_OPTIONS = {
  decodeStrings: true,
  validateEntrySizes: true,
  autoClose: false,
  lazyEntries: true,
} as const;

async function bytesOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Collects until a limit is reached, so that no submission can fill the disk or the memory of the one who grades. */
class Collector {
  readonly files: SubmittedFile[] = [];
  readonly notes = new Set<string>();
  #bytes = 0;

  wants(name: string, sizeInBytes: number): boolean {
    if (isIgnored(name)) return false;
    if (OTHER_ARCHIVE.test(name)) this.notes.add(`${name} is no zip and was not read`);
    if (!TAKEN.test(name) && !ZIP.test(name)) return false;
    const limit = ZIP.test(name) ? LARGEST_ZIP_BYTES : LARGEST_FILE_BYTES;
    if (sizeInBytes <= limit) return true;
    this.notes.add(`${name} was not read: it has ${sizeInBytes} bytes, and ${limit} are taken`);
    return false;
  }

  async add(name: string, bytes: Buffer, modified: Date, depth: number): Promise<void> {
    if (ZIP.test(name)) {
      if (depth < DEEPEST_ZIP)
        await this.addZip(name, () => fromBufferPromise(bytes, ZIP_OPTIONS), depth + 1);
      else this.notes.add(`${name} was not read: it is a zip in a zip in a zip`);
      return;
    }
    if (this.files.length >= MOST_FILES || this.#bytes + bytes.length > MOST_BYTES) {
      this.notes.add(`more than ${MOST_FILES} files or ${MOST_BYTES} bytes: the rest was not read`);
      return;
    }
    this.#bytes += bytes.length;
    this.files.push({ path: name, modified, text: bytes.toString('utf8') });
  }

  async addFile(file: string, name: string): Promise<void> {
    const { size, mtime } = fs.statSync(file);
    if (isIgnored(name)) return;
    // One on the disk is read entry by entry, however large it is with a forgotten node_modules.
    if (ZIP.test(name)) await this.addZip(name, () => openPromise(file, ZIP_OPTIONS), 1);
    else if (this.wants(name, size)) await this.add(name, fs.readFileSync(file), mtime, 0);
  }

  /** What is in a zip stands as if it had been unpacked where the zip is. */
  async addZip(name: string, open: () => Promise<ZipFile>, depth: number): Promise<void> {
    const folder = path.posix.dirname(name);
    let zip: ZipFile | undefined;
    try {
      zip = await open();
      for await (const entry of zip.eachEntry()) {
        const inside = entry.fileName.replaceAll('\\', '/');
        if (inside.endsWith('/') || validateFileName(inside) !== null) continue;
        const full = path.posix.join(folder, inside);
        if (!this.wants(full, entry.uncompressedSize)) continue;
        if (isLink(entry.externalFileAttributes))
          this.notes.add(`${full} is a symbolic link and was not followed`);
        else await this.add(full, await bytesOf(zip, entry), entry.getLastModDate(), depth);
      }
    } catch (error) {
      this.notes.add(
        `${name} cannot be unpacked (${error instanceof Error ? error.message : String(error)})`,
      );
    } finally {
      zip?.close();
    }
  }

  /** Regular files only: a link may lead to the solutions. */
  async addFolder(folder: string, prefix: string): Promise<void> {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort(byName)) {
      const name = path.posix.join(prefix, entry.name);
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && !isIgnored(name)) await this.addFolder(full, name);
      else if (entry.isSymbolicLink() && !isIgnored(name)) {
        this.notes.add(`${name} is a symbolic link and was not followed`);
      } else if (entry.isFile()) await this.addFile(full, name);
    }
  }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** Everything in a folder that may be part of an answer, what is in zips included. */
export async function contentsOfFolder(folder: string): Promise<Contents> {
  const collector = new Collector();
  await collector.addFolder(folder, '');
  return { files: collector.files, notes: [...collector.notes] };
}

/** The same of one file, which may be a zip. */
export async function contentsOfFile(file: string, name = path.basename(file)): Promise<Contents> {
  const collector = new Collector();
  await collector.addFile(file, name);
  return { files: collector.files, notes: [...collector.notes] };
}

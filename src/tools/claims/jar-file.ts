import fs from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** Where a jar keeps the bytes of one entry. */
interface JarEntry {
  readonly method: number;
  readonly compressedSize: number;
  readonly headerOffset: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_SIZE = 22;
const STORED = 0;
const DEFLATED = 8;

/** Reads entries of a jar, which is a zip file: central directory first, an entry's bytes when they are asked for. */
export class JarFile {
  readonly #bytes: Buffer;
  readonly #entries = new Map<string, JarEntry>();

  constructor(readonly path: string) {
    this.#bytes = fs.readFileSync(path);
    let at = this.#directoryOffset();
    while (this.#bytes.readUInt32LE(at) === ENTRY_SIGNATURE) at = this.#readEntry(at);
  }

  /** Names of entries, with slashes: `org/apache/kafka/…/BufferPool.class`. */
  names(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** @throws Error when there is no such entry, or its compression is neither stored nor deflate */
  read(name: string): Buffer {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`${this.path} has no entry ${name}.`);
    // The local header repeats the name, and its extra field may have another length than that of the directory.
    const nameLength = this.#bytes.readUInt16LE(entry.headerOffset + 26);
    const extraLength = this.#bytes.readUInt16LE(entry.headerOffset + 28);
    const start = entry.headerOffset + 30 + nameLength + extraLength;
    const compressed = this.#bytes.subarray(start, start + entry.compressedSize);
    if (entry.method === STORED) return compressed;
    if (entry.method === DEFLATED) return inflateRawSync(compressed);
    throw new Error(
      `${name} in ${this.path} has compression method ${entry.method}, which is not supported.`,
    );
  }

  #directoryOffset(): number {
    // The end record is last, behind it at most a comment.
    for (let at = this.#bytes.length - END_SIZE; at >= 0; at--) {
      if (this.#bytes.readUInt32LE(at) === END_SIGNATURE) return this.#bytes.readUInt32LE(at + 16);
    }
    throw new Error(`${this.path} is not a jar: it has no central directory.`);
  }

  #readEntry(at: number): number {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      this.#bytes.readUInt16LE(at + offset),
    ) as [number, number, number];
    const name = this.#bytes.toString('utf8', at + 46, at + 46 + nameLength);
    this.#entries.set(name, {
      method: this.#bytes.readUInt16LE(at + 10),
      compressedSize: this.#bytes.readUInt32LE(at + 20),
      headerOffset: this.#bytes.readUInt32LE(at + 42),
    });
    return at + 46 + nameLength + extraLength + commentLength;
  }
}

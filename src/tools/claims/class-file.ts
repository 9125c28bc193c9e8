/** The members of a Java class, as its class file lists them (JVM specification, chapter 4). */
export interface ClassFile {
  /** With dots: `org.apache.kafka.clients.producer.internals.BufferPool`. */
  readonly name: string;
  /** With dots; null for `java.lang.Object`. */
  readonly superclass: string | null;
  readonly methods: ReadonlySet<string>;
  /** Name of each field, with its value where it is a constant that the compiler wrote down. */
  readonly fields: ReadonlyMap<string, string | null>;
}

const MAGIC = 0xcafebabe;

/** Reads big-endian numbers one after the other. */
class Cursor {
  #at = 0;
  constructor(readonly bytes: Buffer) {}
  u1(): number {
    return this.bytes.readUInt8(this.#move(1));
  }
  u2(): number {
    return this.bytes.readUInt16BE(this.#move(2));
  }
  u4(): number {
    return this.bytes.readUInt32BE(this.#move(4));
  }
  skip(length: number): void {
    this.#move(length);
  }
  take(length: number): Buffer {
    const start = this.#move(length);
    return this.bytes.subarray(start, start + length);
  }
  #move(length: number): number {
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

type Constant =
  | { readonly kind: 'text' | 'number'; readonly value: string }
  /** A class or a string: the index of its text. */
  | { readonly kind: 'reference'; readonly index: number };

/** Parses a class file as far as names of members and constant values. @throws Error when the bytes are no class file */
export function parseClassFile(bytes: Buffer): ClassFile {
  const cursor = new Cursor(bytes);
  if (cursor.u4() !== MAGIC) throw new Error('These bytes are not a Java class file.');
  cursor.skip(4); // minor and major version
  const constants = readConstants(cursor);
  cursor.skip(2); // access flags
  const name = classNameAt(constants, cursor.u2());
  const superIndex = cursor.u2();
  const superclass = superIndex === 0 ? null : classNameAt(constants, superIndex);
  cursor.skip(2 * cursor.u2()); // interfaces
  const fields = new Map(readMembers(cursor, constants));
  const methods = new Set(readMembers(cursor, constants).map(([method]) => method));
  return { name, superclass, methods, fields };
}

function readConstants(cursor: Cursor): ReadonlyMap<number, Constant> {
  const constants = new Map<number, Constant>();
  const count = cursor.u2();
  for (let index = 1; index < count; index++) {
    const tag = cursor.u1();
    const constant = readConstant(cursor, tag);
    if (constant !== null) constants.set(index, constant);
    // Long and double take two places each.
    if (tag === 5 || tag === 6) index += 1;
  }
  return constants;
}

/** Null for the kinds that nobody here asks for: references to members, method handles, types. */
function readConstant(cursor: Cursor, tag: number): Constant | null {
  switch (tag) {
    case 1:
      return { kind: 'text', value: cursor.take(cursor.u2()).toString('utf8') };
    case 3:
      return { kind: 'number', value: String(cursor.take(4).readInt32BE()) };
    case 4:
      return { kind: 'number', value: String(cursor.take(4).readFloatBE()) };
    case 5:
      return { kind: 'number', value: String(cursor.take(8).readBigInt64BE()) };
    case 6:
      return { kind: 'number', value: String(cursor.take(8).readDoubleBE()) };
    case 7:
    case 8:
      return { kind: 'reference', index: cursor.u2() };
    case 15:
      cursor.skip(3);
      return null;
    case 16:
    case 19:
    case 20:
      cursor.skip(2);
      return null;
    case 9:
    case 10:
    case 11:
    case 12:
    case 17:
    case 18:
      cursor.skip(4);
      return null;
    default:
      throw new Error(`A class file has a constant of the unknown kind ${tag}.`);
  }
}

/** Fields or methods: names, and the constant values of fields. */
function readMembers(
  cursor: Cursor,
  constants: ReadonlyMap<number, Constant>,
): [name: string, value: string | null][] {
  return Array.from({ length: cursor.u2() }, () => {
    cursor.skip(2); // access flags
    const name = textAt(constants, cursor.u2());
    cursor.skip(2); // descriptor
    let value: string | null = null;
    for (let left = cursor.u2(); left > 0; left--) {
      const attribute = textAt(constants, cursor.u2());
      const content = cursor.take(cursor.u4());
      if (attribute === 'ConstantValue') value = textAt(constants, content.readUInt16BE());
    }
    return [name, value];
  });
}

function textAt(constants: ReadonlyMap<number, Constant>, index: number): string {
  const constant = constants.get(index);
  if (constant === undefined)
    throw new Error(`A class file refers to constant ${index}, which it does not have.`);
  return constant.kind === 'reference' ? textAt(constants, constant.index) : constant.value;
}

function classNameAt(constants: ReadonlyMap<number, Constant>, index: number): string {
  return textAt(constants, index).replaceAll('/', '.');
}

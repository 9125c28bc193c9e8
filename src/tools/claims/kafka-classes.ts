import path from 'node:path';
import { JarFile } from './jar-file';
import { parseClassFile } from './class-file';
import type { ClassFile } from './class-file';

/** Only Apache Kafka's own jars can show what Kafka does. */
const KAFKA_JAR = /^kafka/;

/** The classes of Apache Kafka's jars, by simple or full name. */
export class KafkaClasses {
  /** Full name → where it is. */
  readonly #places = new Map<string, { readonly jar: JarFile; readonly entry: string }>();
  readonly #bySimpleName = new Map<string, string[]>();
  readonly #parsed = new Map<string, ClassFile>();

  constructor(jars: readonly string[]) {
    for (const file of jars.filter((one) => KAFKA_JAR.test(path.basename(one)))) this.#add(new JarFile(file));
  }

  /**
   * Says what is wrong with a citation; null when the member exists, or does not although the citation begins with `no`.
   *
   * @param citation `Class#member`, or `Class#FIELD=value` for a constant; the class by its simple name where that is
   * unique, else in full. `Class` alone asks only for the class.
   */
  complaintAbout(citation: string): string | null {
    const removed = /^no (.+)$/.exec(citation)?.[1];
    if (removed === undefined) return this.#complaintAbout(citation);
    const gone = / has no (class|member) /.test(this.#complaintAbout(removed) ?? '');
    return gone ? null : `Kafka has ${removed}, and the claim says that it has not`;
  }

  #complaintAbout(citation: string): string | null {
    const [, className = '', member, value] = /^([\w.$]+)(?:#([\w$<>]+)(?:=(.*))?)?$/.exec(citation) ?? [];
    if (className === '') return `"${citation}" is not of the form Class#member or Class#FIELD=value`;
    const found = className.includes('.') ? [className] : (this.#bySimpleName.get(className) ?? []);
    const [name] = found;
    if (name === undefined || !this.#places.has(name)) return `Kafka has no class ${className}`;
    if (found.length > 1) return `several classes are called ${className}: ${found.join(', ')}`;
    if (member === undefined) return null;
    const owner = this.#ownerOf(name, member);
    if (owner === null) return `${className} has no member ${member}`;
    if (value === undefined) return null;
    const constant = owner.fields.get(member) ?? null;
    return constant === value ? null : `${className}.${member} is ${constant ?? 'no constant'}, not ${value}`;
  }

  /** The class itself or the superclass that has the member. */
  #ownerOf(name: string, member: string): ClassFile | null {
    for (let next: string | null = name; next !== null && this.#places.has(next);) {
      const one: ClassFile = this.#classOf(next);
      if (one.methods.has(member) || one.fields.has(member)) return one;
      next = one.superclass;
    }
    return null;
  }

  #classOf(name: string): ClassFile {
    const known = this.#parsed.get(name);
    if (known !== undefined) return known;
    const { jar, entry } = this.#places.get(name)!;
    const parsed = parseClassFile(jar.read(entry));
    this.#parsed.set(name, parsed);
    return parsed;
  }

  #add(jar: JarFile): void {
    for (const entry of jar.names()) {
      if (!entry.startsWith('org/apache/kafka/') || !entry.endsWith('.class')) continue;
      const name = entry.slice(0, -'.class'.length).replaceAll('/', '.');
      this.#places.set(name, { jar, entry });
      const simple = name.slice(name.lastIndexOf('.') + 1);
      this.#bySimpleName.set(simple, [...(this.#bySimpleName.get(simple) ?? []), name]);
    }
  }
}

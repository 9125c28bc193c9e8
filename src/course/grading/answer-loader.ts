import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { projectRoot } from '../../support/project-paths';
import { compileAnswer } from '../../support/typescript-loader.cjs';

/** What an answer may import besides its own files. */
export interface AnswerImports {
  /** The folder of answers, laid out like `exercises/`: an answer's own files all lie in it. */
  readonly folder: string;
  /** The values of `src/producer/index` that are no part of what the exercise asks for. */
  readonly values: readonly string[];
}

/** An answer imports something that would be the answer, or that does not belong to it. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}

/** The course's modules that answers know, with the values that every exercise may take from them. Types cost nothing. */
const COURSE_MODULES: ReadonlyMap<string, { readonly also: string | undefined; readonly values: string[] }> =
  new Map([
    ['src/producer/index', { also: 'src/protocol/errors', values: [] }],
    ['src/support/clock', { also: undefined, values: ['SystemClock', 'ManualClock'] }],
    ['src/lab/order', { also: undefined, values: [] }],
  ]);

/** Modules of Node that compute. None of them reads a file, loads code or starts a program. */
const NODE_MODULES: ReadonlySet<string> = new Set(
  'assert assert/strict async_hooks buffer crypto events os path path/posix perf_hooks querystring stream stream/promises string_decoder timers timers/promises url util zlib'.split(
    ' ',
  ),
);

const COURSE_IMPORT = /^(?:\.\.\/)+(src\/.*?)(?:\.ts)?$/;
const SUFFIXES = ['', '.ts', '.js', '.json', '/index.ts', '/index.js'];

type Exports = Record<string, unknown>;
/** Node's own way to run a file's text, by which errors name the line as it was written. */
type Compile = (this: object, code: string, file: string, format: 'commonjs') => void;
type Wrapped = (
  exports: Exports,
  require: (request: string) => unknown,
  module: { exports: Exports },
) => void;

/**
 * Loads an answer and the files beside it. Its `../../src/…` always means the course's own src, wherever the answer lies,
 * and gives it a view that leaves out what the exercise asks for. Node's `require` stays out of its reach.
 */
export class AnswerLoader {
  readonly #loaded = new Map<string, { exports: Exports }>();
  readonly #views = new Map<string, Exports>();
  readonly #root: string;

  constructor(private readonly imports: AnswerImports) {
    this.#root = fs.realpathSync(imports.folder);
  }

  /** @throws ImportRefused, SyntaxError, or what the answer itself throws */
  load(file: string): Exports {
    this.#checkOwn(file, file);
    const known = this.#loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Exports };
    this.#loaded.set(file, module); // before it runs: files may import each other
    const text = fs.readFileSync(file, 'utf8');
    if (file.endsWith('.json')) module.exports = JSON.parse(text) as Exports;
    else {
      const require = (request: unknown): unknown => this.#require(String(request), file);
      wrapped(compileAnswer(text, file), file).call(undefined, module.exports, require, module);
    }
    return module.exports;
  }

  #require(request: string, from: string): unknown {
    const courseModule = COURSE_IMPORT.exec(request)?.[1];
    if (courseModule !== undefined && COURSE_MODULES.has(courseModule)) return this.#view(courseModule);
    if (request.startsWith('.') || path.isAbsolute(request)) {
      return this.load(this.#find(path.resolve(path.dirname(from), request), request));
    }
    const name = request.replace(/^node:/, '');
    if (NODE_MODULES.has(name)) return Module.createRequire(__filename)(`node:${name}`);
    throw new ImportRefused(`an answer has no use for the module "${request}". ${this.#whatIsThere()}`);
  }

  #find(wanted: string, request: string): string {
    const found = SUFFIXES.map((suffix) => wanted + suffix).find(
      (file) => fs.existsSync(file) && fs.statSync(file).isFile(),
    );
    this.#checkOwn(found ?? wanted, request);
    if (found === undefined) throw new Error(`Cannot find module "${request}".`);
    return found;
  }

  /** Only real files of the answers' own folder: neither `../../solutions` nor a link that leads there. */
  #checkOwn(file: string, request: string): void {
    const inside = path.relative(path.resolve(this.imports.folder), file);
    if (inside.startsWith('..') || path.isAbsolute(inside)) {
      throw new ImportRefused(`"${request}" leads out of the folder of the answers. ${this.#whatIsThere()}`);
    }
    if (fs.existsSync(file) && fs.realpathSync(file) !== path.join(this.#root, inside)) {
      throw new ImportRefused(
        `"${inside}" is a symbolic link or lies behind one: hand in the file itself. ${this.#whatIsThere()}`,
      );
    }
  }

  /** A course module without the values that the exercise does not give out. */
  #view(name: string): Exports {
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const load = Module.createRequire(__filename);
    const all = load(path.join(projectRoot, name)) as Exports;
    const { also, values } = COURSE_MODULES.get(name)!;
    const free = new Set(values);
    if (also !== undefined)
      for (const one of Object.keys(load(path.join(projectRoot, also)) as Exports)) free.add(one);
    if (name === 'src/producer/index') for (const one of this.imports.values) free.add(one);
    const refuse = (what: string): never => {
      throw new ImportRefused(`${what} of ${name} is not for this exercise. ${this.#whatIsThere()}`);
    };
    const view = new Proxy(Object.create(null) as Exports, {
      get: (_, key) => {
        if (key === '__esModule') return true;
        if (typeof key === 'symbol' || !(key in all)) return undefined;
        return free.has(key) ? all[key] : refuse(`"${key}"`);
      },
      has: (_, key) => typeof key === 'string' && free.has(key),
      ownKeys: () => refuse('"*" (everything)'),
      set: () => refuse('A changed value'),
      defineProperty: () => refuse('A changed value'),
    });
    this.#views.set(name, view);
    return view;
  }

  #whatIsThere(): string {
    const values = this.imports.values.length === 0 ? '' : `${this.imports.values.join(', ')} and `;
    return `It may import its own files, ${values}the error classes of src/producer/index, src/support/clock, any type of the course, and modules of Node that only compute.`;
  }
}

/** A function whose parameters hide Node's own `require` and `module`; on the first line, so that no line number moves. */
function wrapped(code: string, file: string): Wrapped {
  const holder = new Module(file);
  holder.filename = file;
  const compile = (holder as unknown as { _compile: Compile })._compile;
  compile.call(holder, `module.exports = function (exports, require, module) {${code}\n};`, file, 'commonjs');
  return holder.exports as Wrapped;
}

/** Other ways to Node's modules that need no import. Called once, before any answer is loaded. */
export function closeOtherWays(): void {
  const getBuiltinModule = process.getBuiltinModule.bind(process);
  process.getBuiltinModule = (name: string) =>
    NODE_MODULES.has(name.replace(/^node:/, '')) ? getBuiltinModule(name) : undefined;
  Reflect.deleteProperty(process, 'mainModule');
}

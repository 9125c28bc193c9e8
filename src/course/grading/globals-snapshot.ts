/** The objects whose members everything else is built on. */
const WATCHED: readonly (readonly [string, object])[] = [
  ['globalThis', globalThis],
  ['Object', Object],
  ['Object.prototype', Object.prototype],
  ['Function.prototype', Function.prototype],
  ['Array', Array],
  ['Array.prototype', Array.prototype],
  ['Map.prototype', Map.prototype],
  ['Set.prototype', Set.prototype],
  ['String.prototype', String.prototype],
  ['Number', Number],
  ['Math', Math],
  ['JSON', JSON],
  ['Date', Date],
  ['Promise', Promise],
  ['Promise.prototype', Promise.prototype],
  ['Buffer', Buffer],
  ['Buffer.prototype', Buffer.prototype],
  ['process', process],
];

/** Values that Node itself replaces in passing. */
const CHANGE_BY_THEMSELVES = new Set([
  'process.exitCode',
  'process._exiting',
  'process.domain',
  'process.title',
]);

type Members = Map<PropertyKey, unknown>;

/** The value of a plain property, the getter of a computed one: reading a lazy global would change it. */
function members(object: object): Members {
  const found: Members = new Map();
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
    found.set(key, descriptor?.get ?? descriptor?.value);
  }
  return found;
}

/**
 * What the built-in objects looked like before an answer was loaded. An answer that replaces `Math.random` or `Promise`
 * could make any measurement say what it likes, so nothing that was measured beside it counts.
 */
export class GlobalsSnapshot {
  readonly #before: readonly (readonly [string, object, Members])[] = WATCHED.map(([name, object]) => [
    name,
    object,
    members(object),
  ]);

  /** Throws, naming what was changed or taken away. New names are no harm. */
  check(): void {
    for (const [name, object, before] of this.#before) {
      const now = members(object);
      for (const [key, value] of before) {
        const full = `${name}.${String(key)}`.replace(/^globalThis\./, '');
        if (CHANGE_BY_THEMSELVES.has(full)) continue;
        if (!now.has(key)) throw new Error(`the answer took away the global ${full}`);
        if (!Object.is(now.get(key), value) && typeof value === 'function') {
          throw new Error(`the answer replaced the global ${full}`);
        }
      }
    }
  }
}

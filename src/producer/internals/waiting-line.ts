/** Gaps at the front are closed once they are the greater part, and worth the work. */
const SHORTEST_COMPACTED = 1024;

/**
 * First come, first served, and anyone may leave. A loop that never awaits `send()` can have hundreds of thousands waiting for
 * memory: `Array.shift` moves all of them at every turn, which took seconds where this takes none.
 */
export class WaitingLine<T> {
  #places: (T | undefined)[] = [];
  readonly #placeOf = new Map<T, number>();
  #front = 0;

  get length(): number {
    return this.#placeOf.size;
  }

  get first(): T | undefined {
    while (this.#front < this.#places.length && this.#places[this.#front] === undefined) this.#front++;
    return this.#places[this.#front];
  }

  add(waiter: T): void {
    this.#placeOf.set(waiter, this.#places.length);
    this.#places.push(waiter);
  }

  remove(waiter: T): void {
    const place = this.#placeOf.get(waiter);
    if (place === undefined) return;
    this.#placeOf.delete(waiter);
    this.#places[place] = undefined;
    if (this.#places.length >= SHORTEST_COMPACTED && 2 * this.length < this.#places.length) this.#compact();
  }

  /** Everybody, in order; the line is empty afterwards. */
  takeAll(): T[] {
    const all = [...this.#placeOf.keys()];
    this.#placeOf.clear();
    this.#places = [];
    this.#front = 0;
    return all;
  }

  #compact(): void {
    for (const waiter of this.takeAll()) this.add(waiter);
  }
}

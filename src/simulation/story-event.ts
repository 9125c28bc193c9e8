/** A column of the space-time diagram: the user's code and its producer (by index of the producer), or a broker (by id). */
export type Place =
  | { readonly is: 'code'; readonly producer: number }
  | { readonly is: 'producer'; readonly producer: number }
  | { readonly is: 'broker'; readonly node: number };

/** One thing that happened, in plain words. */
export interface StoryEvent {
  readonly atMs: number;
  /** Among the events of a run: what happened first. */
  readonly order: number;
  /** Where it happened, or where the arrow begins. */
  readonly from: Place;
  /** Where the arrow ends: the same for something that happened in one place. */
  readonly to: Place;
  /** A whole sentence, without its full stop: "Your code calls send() for record A to orders-0". */
  readonly text: string;
  /** For an arrow or a dot in a diagram: "A", "A: offset 0", "lost". */
  readonly label: string;
  /** Names of the records that it is about; empty for what concerns all. */
  readonly records: readonly string[];
  /** The schedule asked for it: told before everything else. */
  readonly isCause: boolean;
  /** The arrow never arrived. */
  readonly isLost?: boolean;
  /** Events with the same kind and contents, such as the attempts of one batch, are told once. */
  readonly kind: string;
}

export function isSamePlace(one: Place, other: Place): boolean {
  return placeKey(one) === placeKey(other);
}

export function placeKey(place: Place): string {
  return place.is === 'broker' ? `broker ${place.node}` : `${place.is} ${place.producer}`;
}

/** "your code", "producer", "broker 2"; with a number where there are several producers. */
export function placeName(place: Place, producers: number): string {
  if (place.is === 'broker') return `broker ${place.node}`;
  const number = producers > 1 ? ` ${place.producer + 1}` : '';
  return place.is === 'code' ? `your code${number}` : `producer${number}`;
}

/** "A", "A and B", "A, B and C", "A to F": names in their order. */
export function listOfNames(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  if (names.length === 1) return names[0]!;
  if (names.length <= 3) return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  return isConsecutive(names)
    ? `${names[0]} to ${names[names.length - 1]}`
    : `${names[0]}, ${names[1]} and ${names.length - 2} more`;
}

function isConsecutive(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || numberOf(name) === numberOf(names[index - 1]!) + 1);
}

function numberOf(name: string): number {
  return [...name].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

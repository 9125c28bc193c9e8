/**
 * The seeds that a test with chance in it is run for, each named in the title of its test. COURSE_SEEDS=20 asks for twenty of
 * them; COURSE_SEED=17 for that one alone, to replay a run that failed.
 */
export function seeds(byDefault = 1): readonly number[] {
  const { COURSE_SEED: one, COURSE_SEEDS: count = String(byDefault) } = process.env;
  if (one !== undefined) return [wholeNumber('COURSE_SEED', one)];
  return Array.from({ length: wholeNumber('COURSE_SEEDS', count) }, (_, index) => index + 1);
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`${name} is ${JSON.stringify(text)}: write a whole number from 1 on.`);
}

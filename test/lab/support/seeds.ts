/** Each experiment is run once for each of these. COURSE_SEEDS=20 asks for twenty. */
export const SEEDS: readonly number[] = Array.from(
  { length: Number(process.env['COURSE_SEEDS'] ?? 1) },
  (_, index) => index + 1,
);

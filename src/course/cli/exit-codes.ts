/** What every command ends with. */
export const EXIT = {
  /** Nothing is wrong. */
  ok: 0,
  /** Something that was checked is wrong: an answer, a test, a notebook. */
  wrong: 1,
  /** The command was called wrongly, a prerequisite is missing, or no broker is to be had. */
  usage: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

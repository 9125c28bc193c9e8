export interface PlayOptions {
  /** Number of a record to follow. */
  readonly follow?: number;
  /** The part of the run that the time line shows first, in milliseconds of the run. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Events that have happened already. */
  readonly position?: number;
}

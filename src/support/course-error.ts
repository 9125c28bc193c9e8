/** What kept the course from doing what it was asked: a missing prerequisite, no broker to be had, inconsistent course files. */
export type CourseErrorCode = 'PREREQUISITE' | 'BROKER' | 'CONTENT';

/** A sentence for the person at the keyboard: what happened, and what to do next. Commands print it without a stack. */
export class CourseError extends Error {
  override readonly name: string = 'CourseError';

  constructor(
    message: string,
    readonly code: CourseErrorCode,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** A command was called wrongly: an unknown name, flag or value. The exit code is 2 and nothing was changed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

import { CourseError } from '../../support/course-error';

export function isPortTaken(error: unknown): boolean {
  return /Address already in use|BindException|failed to bind/i.test(String(error));
}

/** What kept a broker from starting, as one sentence; what the system or the JVM said is its cause. */
export function asCourseError(error: unknown): CourseError {
  if (error instanceof CourseError) return error;
  const text = String(error);
  const { code } = error as NodeJS.ErrnoException;
  const fail = (what: string) => new CourseError(`Kafka could not start ${what}`, 'BROKER', { cause: error });
  if (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    /No space left on device|not enough space|quota exceeded/i.test(text)
  ) {
    return fail('because the disk is full: make room for 200 MB, then run the command again.');
  }
  if (
    ['EACCES', 'EROFS', 'EPERM'].includes(code ?? '') ||
    /Permission denied|Read-only file system/i.test(text)
  ) {
    return fail(
      'because the folder .course is not writable: give it back to your user, then run the command again.',
    );
  }
  if (isPortTaken(error)) {
    return fail('because its ports are taken by another program: run the command again.');
  }
  if (code !== undefined) {
    return fail(
      `because .course/kafka is not as it should be (${code}): delete that folder, then run the command again.`,
    );
  }
  return fail(
    '(its last lines are the cause of this error): run the command again; should that not help, delete .course/kafka.',
  );
}

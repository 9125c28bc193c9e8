import { asCourseError, isPortTaken } from '../../src/broker/embedded/start-failure';
import { CourseError } from '../../src/support/course-error';

const systemError = (code: string) => Object.assign(new Error(`${code}: something`), { code });

describe('a broker that could not start', () => {
  it.each<[string, Error, RegExp]>([
    ['a full disk', systemError('ENOSPC'), /because the disk is full: make room/],
    [
      'a full disk, as the JVM says it',
      new Error('IOException: No space left on device'),
      /because the disk is full/,
    ],
    ['a folder of somebody else', systemError('EACCES'), /the folder \.course is not writable/],
    ['a read-only file system', systemError('EROFS'), /the folder \.course is not writable/],
    [
      'a file where a folder should be',
      systemError('EEXIST'),
      /not as it should be \(EEXIST\): delete that folder/,
    ],
    [
      'taken ports',
      new Error('SocketException: Address already in use'),
      /its ports are taken by another program/,
    ],
    ['anything else', new Error('exit code 1\nlast line'), /its last lines are the cause of this error/],
  ])('because of %s says so in one sentence and keeps the cause', (_what, cause, sentence) => {
    const error = asCourseError(cause);
    expect(error).toBeInstanceOf(CourseError);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('\n');
    expect(error.cause).toBe(cause);
  });

  it('keeps a sentence that there is already, and tries other ports only for a taken one', () => {
    const sentence = new CourseError('Java is too old: install 17.', 'PREREQUISITE');
    expect(asCourseError(sentence)).toBe(sentence);
    expect(isPortTaken(new Error('KafkaException: Socket server failed to bind to 127.0.0.1:9092'))).toBe(
      true,
    );
    expect(isPortTaken(sentence)).toBe(false);
  });
});

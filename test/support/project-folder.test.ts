import { delimiter } from 'node:path';
import { CourseError } from '../../src/support/course-error';
import { checkProjectFolder } from '../../src/support/project-folder';

describe('the folder of the course', () => {
  it.each(['/home/Jörg Müller/Kafka Kurs (1)', '/srv/a, b/[1]', '/srv/日本語/!kafka', '/srv/$HOME/100 %'])(
    'may be %s',
    (folder) => expect(() => checkProjectFolder(folder)).not.toThrow(),
  );

  it.each(['/srv/Kafka!/course', '/srv/Kafka!', `/srv/a${delimiter}b`])(
    'may not be %s, and the sentence says why and what to do',
    (folder) => {
      expect(() => checkProjectFolder(folder)).toThrow(CourseError);
      expect(() => checkProjectFolder(folder)).toThrow(/rename or move that folder/);
    },
  );
});

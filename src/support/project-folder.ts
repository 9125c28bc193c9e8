import { delimiter } from 'node:path';
import { CourseError } from './course-error';
import { projectRoot } from './project-paths';

/**
 * What no setting can repair: Java takes a `!` at the end of a folder's name for the end of a jar's path, and lists of
 * paths (Java's class path, PATH, Python's environments) cannot hold their own separator.
 *
 * @throws CourseError `PREREQUISITE` that names the folder and the character
 */
export function checkProjectFolder(folder: string = projectRoot): void {
  const found = /![\\/]|!$/.test(folder)
    ? '"!" at the end of a folder name'
    : folder.includes(delimiter) && `"${delimiter}"`;
  if (!found) return;
  throw new CourseError(
    `The course is in ${folder}, and Java and Python cannot work in a path with ${found}: rename or move that folder, delete .course in it, then run the command again.`,
    'PREREQUISITE',
  );
}

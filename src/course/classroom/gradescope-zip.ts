import fs from 'node:fs';
import path from 'node:path';
import { learnersFiles } from './export-files';
import { writeZip } from './write-zip';
import type { ZipContent } from './write-zip';

/** Gradescope's autograder: `setup.sh` and `run_autograder` at its top, and the course without its answers beside them. */
export async function writeGradescopeZip(file: string): Promise<number> {
  const script = (name: string, template: string): ZipContent => {
    const bytes = fs.readFileSync(path.join(__dirname, 'templates', template));
    return { name, bytes, executable: true };
  };
  const course = [...learnersFiles()].map(([name, bytes]) => ({ name: `course/${name}`, bytes }));
  const contents = [
    script('setup.sh', 'gradescope-setup.sh'),
    script('run_autograder', 'gradescope-run_autograder'),
    ...course,
  ];
  await writeZip(file, contents);
  return contents.length;
}

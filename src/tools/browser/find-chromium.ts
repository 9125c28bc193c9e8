import fs from 'node:fs';
import path from 'node:path';
import { CourseError } from '../../support/course-error';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The browser to look through: CHROMIUM where that is set, else the first Chromium or Chrome on the PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const wanted = env['CHROMIUM'];
  if (wanted !== undefined && wanted !== '') {
    if (fs.existsSync(wanted)) return wanted;
    throw new CourseError(
      `CHROMIUM names ${wanted}, which does not exist: set it to a Chromium or Chrome program, or unset it.`,
      'PREREQUISITE',
    );
  }
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found = [...candidates, MAC].find((file) => fs.existsSync(file));
  if (found !== undefined) return found;
  throw new CourseError(
    'No Chromium or Chrome was found: install one (on Debian: apt-get install chromium), or set CHROMIUM to its program.',
    'PREREQUISITE',
  );
}

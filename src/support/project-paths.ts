import { join } from 'node:path';

/** The folder that was cloned. */
export const projectRoot = join(__dirname, '..', '..');

/** A path below `.course/`, where everything lives that set-up makes and running leaves behind. */
export function coursePath(...parts: string[]): string {
  return join(projectRoot, '.course', ...parts);
}

import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { projectRoot } from '../../support/project-paths';

const COURSE_IMPORT = /^(?:\.\.\/)+(src\/.*)$/;

type Resolve = (
  request: string,
  parent: { filename?: string | null } | undefined,
  ...rest: unknown[]
) => string;

/**
 * An answer imports `../../src/producer/index`, which is right beside `exercises/`. A folder of answers may stand anywhere
 * (`--answers /elsewhere`), and there the same words have to mean the same files.
 */
export function resolveCourseImports(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const original = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    const match = COURSE_IMPORT.exec(request);
    if (match !== null && parent?.filename) {
      const asWritten = path.resolve(path.dirname(parent.filename), request);
      const exists = [asWritten, `${asWritten}.ts`].some((file) => fs.existsSync(file));
      if (!exists) return original.call(this, path.join(projectRoot, match[1]!), parent, ...rest);
    }
    return original.call(this, request, parent, ...rest);
  };
}

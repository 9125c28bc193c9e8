import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../support/course-error';

/** In every book that was ever written, and in no other folder: only what has it is written over. */
const MARK = 'kafka-producer-internals-book.json';

/** Refuses a place for the book where something else is. Better to know before a long run than after it. */
export function checkBookFolder(folder: string, name: string): void {
  const refuse = (why: string): never => {
    throw new UsageError(
      `"${name}" ${why}: --out takes a folder that is new, or empty, or an earlier book, which is then replaced.`,
    );
  };
  if (!fs.existsSync(folder)) {
    let parent = path.dirname(folder);
    while (!fs.existsSync(parent)) parent = path.dirname(parent);
    if (!fs.statSync(parent).isDirectory()) refuse(`cannot be made, because ${parent} is a file`);
    if (!isWritable(parent)) refuse(`cannot be made, because ${parent} is not yours to write`);
    return;
  }
  if (!fs.statSync(folder).isDirectory()) refuse('is a file');
  if (fs.readdirSync(folder).length > 0 && !fs.existsSync(path.join(folder, MARK))) {
    refuse('is no book of this course and has files in it');
  }
  if (!isWritable(folder) || !isWritable(path.dirname(folder))) refuse('is not yours to write');
}

/** Puts a finished site where the book belongs; an earlier book stays whole until then. */
export function putBookInPlace(site: string, folder: string): void {
  const [fresh, old] = [`${folder}.new-${process.pid}`, `${folder}.old-${process.pid}`];
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  try {
    fs.cpSync(site, fresh, { recursive: true });
    fs.writeFileSync(path.join(fresh, MARK), `${JSON.stringify({ madeBy: 'npm run book' })}\n`);
    if (fs.existsSync(folder)) fs.renameSync(folder, old);
    fs.renameSync(fresh, folder);
  } catch (error) {
    if (!fs.existsSync(folder) && fs.existsSync(old)) fs.renameSync(old, folder);
    throw error;
  } finally {
    for (const leftover of [fresh, old]) fs.rmSync(leftover, { recursive: true, force: true });
  }
}

function isWritable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

import fs from 'node:fs';
import path from 'node:path';
import { openPromise, validateFileName } from 'yauzl';
import { CourseError } from '../../../support/course-error';
import { isIgnored } from './submitted-files';

const MOST_BYTES = 4 * 1024 * 1024 * 1024;

/** Unpacks the regular files of a zip into a folder, with their times. Nothing lands outside of it, and no link is made. */
export async function unpackZip(file: string, folder: string): Promise<void> {
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true }).catch((cause: unknown) => {
    throw new CourseError(
      `"${file}" cannot be unpacked: download it again, or unpack it yourself.`,
      'CONTENT',
      { cause },
    );
  });
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.replaceAll('\\', '/');
      const isRegular = ((entry.externalFileAttributes >>> 16) & 0o170000) % 0o100000 === 0;
      if (name.endsWith('/') || !isRegular || validateFileName(name) !== null || isIgnored(name)) continue;
      bytes += entry.uncompressedSize;
      if (bytes > MOST_BYTES) {
        throw new CourseError(
          `"${file}" holds more than 4 GB: unpack it yourself, and name the folder.`,
          'CONTENT',
        );
      }
      const target = path.join(folder, name);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      fs.writeFileSync(target, Buffer.concat(chunks));
      fs.utimesSync(target, entry.getLastModDate(), entry.getLastModDate());
    }
  } finally {
    zip.close();
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextFile } from '../../src/support/read-text';

it('reads a text with the line ends of any system as the same text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'course-text-'));
  try {
    writeFileSync(join(folder, 'windows.ts'), 'one\r\ntwo\r\n');
    writeFileSync(join(folder, 'unix.ts'), 'one\ntwo\n');
    expect(readTextFile(join(folder, 'windows.ts'))).toBe(readTextFile(join(folder, 'unix.ts')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

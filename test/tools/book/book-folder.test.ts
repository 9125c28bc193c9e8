import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkBookFolder, putBookInPlace } from '../../../src/tools/book/book-folder';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'book-folder-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** A finished site with this on its first page. */
function site(text: string): string {
  const made = path.join(folder, 'site');
  fs.mkdirSync(made, { recursive: true });
  fs.writeFileSync(path.join(made, 'index.html'), text);
  return made;
}

describe('the folder of the book', () => {
  it('may be new, also below folders that are not there yet, or empty', () => {
    expect(() => checkBookFolder(path.join(folder, 'a', 'b'), 'a/b')).not.toThrow();
    expect(() => checkBookFolder(folder, '.')).not.toThrow();
  });

  it('is replaced when it is an earlier book, and nothing of that one is left', () => {
    const book = path.join(folder, 'deep', 'book');
    putBookInPlace(site('first'), book);
    fs.writeFileSync(path.join(book, 'old-page.html'), '');
    expect(() => checkBookFolder(book, 'book')).not.toThrow();
    putBookInPlace(site('second'), book);
    expect(fs.readFileSync(path.join(book, 'index.html'), 'utf8')).toBe('second');
    expect(fs.existsSync(path.join(book, 'old-page.html'))).toBe(false);
    expect(fs.readdirSync(path.dirname(book))).toEqual(['book']);
  });

  it('is refused when it holds anything else', () => {
    fs.writeFileSync(path.join(folder, 'thesis.txt'), '');
    expect(() => checkBookFolder(folder, 'mine')).toThrow(/^"mine" is no book of this course.*--out takes/);
    expect(() => checkBookFolder(path.join(folder, 'thesis.txt'), 'mine')).toThrow(/^"mine" is a file/);
    expect(() => checkBookFolder(path.join(folder, 'thesis.txt', 'book'), 'mine')).toThrow(
      /is a file: --out/,
    );
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brokenReferences } from '../../../src/tools/book/site-check';

let site: string;
beforeEach(() => (site = fs.mkdtempSync(path.join(os.tmpdir(), 'book-site-'))));
afterEach(() => fs.rmSync(site, { recursive: true }));

function write(name: string, content: string): void {
  const file = path.join(site, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

describe('the check of a finished site', () => {
  it('follows links to pages, headings and files, from wherever they stand', () => {
    write('index.html', '<a href="notebooks/01.html#a-b">x</a> <a href="#top" id="top">y</a>');
    write(
      'notebooks/01.html',
      '<h2 id="a-b">z</h2> <img src="../pictures/a%20b.png"> <a href="../index.html?q=1&amp;r">',
    );
    write('pictures/a b.png', '');
    expect(brokenReferences(site)).toEqual([]);
  });

  it('names what is not there, and the page that links to it', () => {
    write('index.html', '<a href="notebooks/02.html">x</a> <a href="notebooks/01.html#gone">y</a>');
    write('notebooks/01.html', '<img src="a.png">');
    expect(brokenReferences(site)).toEqual([
      'index.html links to notebooks/02.html, which is not in the book',
      'index.html links to notebooks/01.html#gone, which is not in the book',
      'notebooks/01.html links to a.png, which is not in the book',
    ]);
  });

  it('lets a reader follow a link to another machine, and lets no page fetch from one', () => {
    write(
      'index.html',
      [
        '<a href="https://kafka.apache.org/">Kafka</a>',
        '<script async src="https://cdn.example/vega.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/inter.css">',
      ].join('\n'),
    );
    expect(brokenReferences(site)).toEqual([
      'index.html fetches https://cdn.example/vega.js from another machine',
      'index.html fetches //fonts.example/inter.css from another machine',
    ]);
  });
});

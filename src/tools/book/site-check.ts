import fs from 'node:fs';
import path from 'node:path';

const ATTRIBUTE = /\s(href|src)="([^"]*)"/g;
const ID = /\sid="([^"]*)"/g;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
/** What a page fetches by itself; a link to another machine is the reader's to follow. */
const FETCHED =
  /<(?:script|img|link|iframe|source|video|audio)\b[^>]*?\s(?:href|src)="((?:https?:)?\/\/[^"]*)"/g;

/**
 * What is wrong with the references of a finished site: a link to a page or a heading that is not there, and anything that
 * a page would fetch from another machine. One sentence each, with the page that it stands on.
 */
export function brokenReferences(site: string): string[] {
  const pages = htmlFiles(site).map((file) => ({ file, html: fs.readFileSync(file, 'utf8') }));
  const anchors = new Map(pages.map(({ file, html }) => [file, idsOf(html)]));
  return pages.flatMap(({ file, html }) => {
    const page = path.relative(site, file).split(path.sep).join('/');
    const fetched = [...html.matchAll(FETCHED)].map(
      ([, url]) => `${page} fetches ${url} from another machine`,
    );
    const targets = new Set([...html.matchAll(ATTRIBUTE)].map(([, , url]) => unescapeHtml(url!)));
    const broken = [...targets].filter((url) => isBroken(url, file, anchors));
    return [...fetched, ...broken.map((url) => `${page} links to ${url}, which is not in the book`)];
  });
}

function isBroken(url: string, from: string, anchors: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (SCHEME.test(url) || url.startsWith('//')) return false;
  const [address = '', fragment] = url.split('#');
  const relative = decodeURIComponent(address.split('?')[0] ?? '');
  const target = relative === '' ? from : path.join(path.dirname(from), relative);
  if (!fs.existsSync(target)) return true;
  if (fragment === undefined || fragment === '') return false;
  const known = anchors.get(target);
  return known !== undefined && !known.has(decodeURIComponent(fragment));
}

function idsOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(ID)].map(([, id]) => unescapeHtml(id!)));
}

function htmlFiles(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

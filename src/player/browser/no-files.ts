/** In place of node:fs: a page reads no certificates. */
export function readFileSync(): never {
  throw new Error('A page cannot read files: leave the ssl.* settings out.');
}

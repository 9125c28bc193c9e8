import fs from 'node:fs';
import path from 'node:path';
import { fastify } from 'fastify';
import { playgroundPage } from '../../course/player/playground-page';
import { UsageError } from '../../support/course-error';

export interface PlaygroundFlags {
  /** A folder, seen from where npm was called. The page is written there, and nothing is served. */
  readonly out?: string;
  /** Default: any free one. */
  readonly port?: number;
}

/** `npm run playground`: the page of the playground, served on 127.0.0.1 until Ctrl-C, or written into a folder. */
export async function runPlaygroundCommand({ out, port = 0 }: PlaygroundFlags): Promise<void> {
  if (out !== undefined && port !== 0) {
    throw new UsageError('--out writes the page and serves nothing: leave out --port, or --out.');
  }
  const page = await playgroundPage();
  if (out !== undefined) {
    console.log(`The playground is written: open ${writePlayground(out, page)} in a browser.`);
    return;
  }
  const server = fastify();
  server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  const url = await server.listen({ host: '127.0.0.1', port });
  console.log(`The playground: ${url}/ (Ctrl-C ends it)`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await server.close();
}

/** Returns the file. */
export function writePlayground(out: string, page: string): string {
  const folder = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), out);
  if (fs.existsSync(folder) && !fs.statSync(folder).isDirectory()) {
    throw new UsageError(`--out "${out}" is a file: name a folder, and the page becomes index.html in it.`);
  }
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'index.html');
  fs.writeFileSync(file, page);
  return file;
}

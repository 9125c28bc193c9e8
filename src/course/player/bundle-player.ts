import path from 'node:path';
import { build as bundle } from 'esbuild';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../../support/project-paths';

const PAGE = path.join(projectRoot, 'src', 'player', 'page');
const BROWSER = path.join(projectRoot, 'src', 'player', 'browser');

/** What Node brings along, or has in native code, and what stands for it in a page. */
const IN_A_PAGE: Readonly<Record<string, string>> = {
  '@node-rs/crc32': path.join(BROWSER, 'crc32c.ts'),
  '@kafkajs/zstd': path.join(BROWSER, 'unavailable-codecs.ts'),
  'lz4-napi': path.join(BROWSER, 'unavailable-codecs.ts'),
  snappy: path.join(BROWSER, 'snappy.ts'),
  'node:zlib': path.join(BROWSER, 'zlib.ts'),
  'node:perf_hooks': path.join(BROWSER, 'perf-hooks.ts'),
  'node:tls': path.join(BROWSER, 'no-secure-connections.ts'),
  'node:crypto': path.join(BROWSER, 'no-secure-connections.ts'),
  'node:fs': path.join(BROWSER, 'no-files.ts'),
  'node:buffer': 'buffer/',
};

/** A page opens no connection to a broker: what the producer would use without a network of its own stays out. */
const withoutRealNetwork: Plugin = {
  name: 'without-real-network',
  setup(build) {
    build.onResolve({ filter: /\/kafkajs-network-client$/ }, () => ({
      path: path.join(BROWSER, 'no-network.ts'),
    }));
  },
};

/** One of the two programs for the browser as the text of a script: the player alone, or with the producer and its simulation. */
export async function bundlePlayer(entry: 'notebook-entry' | 'playground-entry'): Promise<string> {
  const { outputFiles } = await bundle({
    entryPoints: [path.join(PAGE, `${entry}.tsx`)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    charset: 'utf8',
    legalComments: 'none',
    loader: { '.css': 'text' },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: path.join(PAGE, 'tsconfig.json'),
    logLevel: 'silent',
    ...(entry === 'playground-entry'
      ? { alias: IN_A_PAGE, plugins: [withoutRealNetwork], inject: [path.join(BROWSER, 'node-globals.ts')] }
      : {}),
  });
  return outputFiles[0]!.text;
}

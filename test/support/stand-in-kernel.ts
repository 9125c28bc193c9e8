import type { KernelHost } from '../../src/course/notebook/kernel-host';

const HOST = Symbol.for('kafka-producer-internals.kernel-host');

/** In place of the kernel's launcher: outputs go to `display` until the returned function is called. */
export function standInForKernel(display: KernelHost['display']): () => void {
  const global = globalThis as Record<symbol, unknown>;
  global[HOST] = { display, closing: new Set() } satisfies KernelHost;
  return () => void delete global[HOST];
}

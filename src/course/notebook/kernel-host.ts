/** One output in several forms, by MIME type; the page that shows it takes the richest it can. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What jupyter/kernels/tslab/launch.cjs offers to the notebooks that run in its kernel. */
export interface KernelHost {
  /** Shows an output, or puts it in the place of the one with the same id. */
  display(data: MimeBundle, displayId: string | undefined, update: boolean): void;
  /** What to do before the kernel goes. */
  readonly closing: Set<() => Promise<void>>;
}

const KERNEL_HOST = Symbol.for('kafka-producer-internals.kernel-host');
const SINGLETONS = Symbol.for('kafka-producer-internals.singletons');

/** The kernel that this code runs in; undefined in a test or a script. */
export function kernelHost(): KernelHost | undefined {
  return (globalThis as Record<symbol, unknown>)[KERNEL_HOST] as KernelHost | undefined;
}

/** Does `close` before the kernel goes, or until the returned function is called. In a script it is left to the script. */
export function beforeKernelEnds(close: () => Promise<void>): () => void {
  const closing = kernelHost()?.closing;
  closing?.add(close);
  return () => void closing?.delete(close);
}

/**
 * Returns what a kernel has only one of. It is kept outside the modules, because tslab reloads a module when its file has
 * changed, and what the old module had opened must still be found.
 */
export function singletons(): Map<string, unknown> {
  const global = globalThis as Record<symbol, unknown>;
  return (global[SINGLETONS] ??= new Map<string, unknown>()) as Map<string, unknown>;
}

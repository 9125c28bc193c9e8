/** In place of node:perf_hooks. */
export const performance = globalThis.performance;

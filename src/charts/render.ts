import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { titleOf } from './theme';
import type { VegaLiteSpec } from './vega-lite-spec';

/** Twice the size in CSS pixels: sharp on a high-density screen and in slides. */
const PNG_SCALE = 2;

type Job = { readonly kind: 'svg' } | { readonly kind: 'png'; readonly scale: number };

interface Answer {
  readonly id: number;
  readonly result?: string | Uint8Array;
  readonly error?: string;
}

interface Waiting {
  resolve(result: string | Uint8Array): void;
  reject(error: Error): void;
}

/** Renders the chart as an SVG document. Rejects when Vega complains about the spec, so that no chart is drawn by half. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  return (await render(spec, { kind: 'svg' })) as string;
}

/** Renders the chart as a PNG file, on its white background, with the font that comes with the course. */
export async function renderPng(spec: VegaLiteSpec, scale = PNG_SCALE): Promise<Buffer> {
  return Buffer.from((await render(spec, { kind: 'png', scale })) as Uint8Array);
}

let worker: Worker | null = null;
let lastId = 0;
const waiting = new Map<number, Waiting>();

async function render(spec: VegaLiteSpec, job: Job): Promise<string | Uint8Array> {
  try {
    return await new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      const drawing = (worker ??= startWorker());
      drawing.ref();
      // As JSON and not as a structured clone: what a spec may hold is what JSON can.
      drawing.postMessage({ id, ...job, spec: JSON.parse(JSON.stringify(spec)) as unknown });
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The chart "${titleOf(spec)}" could not be drawn: ${reason}`, { cause: error });
  }
}

function startWorker(): Worker {
  // execArgv: a loader that this process runs with (for TypeScript) is of no use to a .cjs file and slows its start.
  const started = new Worker(path.join(__dirname, 'render-worker.cjs'), { execArgv: [] });
  started.on('message', ({ id, result, error }: Answer) => {
    const job = waiting.get(id);
    waiting.delete(id);
    // An idle worker must not keep a command alive that has nothing else left to do.
    if (waiting.size === 0) started.unref();
    if (result === undefined) job?.reject(new Error(error));
    else job?.resolve(result);
  });
  const end = (error: Error) => {
    if (worker === started) worker = null;
    const lost = [...waiting.values()];
    waiting.clear();
    for (const job of lost) job.reject(error);
  };
  started.on('error', end);
  started.on('exit', () => end(new Error('The thread that draws charts has ended.')));
  return started;
}

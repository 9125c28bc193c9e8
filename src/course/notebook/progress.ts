import { formatCount } from '../../charts/format-number';
import { textBar } from '../../charts/text-chart';
import { liveDisplay } from './display';

const BAR_WIDTH = 30;
/** Often enough to look alive, seldom enough to cost nothing. */
const REDRAW_MS = 100;

export interface Progress {
  /** Adds to what is done. */
  advance(by?: number): void;
}

/**
 * Shows progress in place while `work` runs: `await progress('Sending', 10_000, (bar) => …)`. The last line says how far it
 * came, even after an error.
 */
export async function progress<T>(
  label: string,
  total: number,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const show = liveDisplay();
  let done = 0;
  let shownMs = 0;
  const draw = (ending = '') => show({ 'text/plain': progressLine(label, done, total) + ending });
  draw();
  const advance = (by = 1) => {
    done += by;
    if (Date.now() - shownMs < REDRAW_MS) return;
    shownMs = Date.now();
    draw();
  };
  try {
    const result = await work({ advance });
    draw();
    return result;
  } catch (error) {
    draw('  (stopped)');
    throw error;
  }
}

export function progressLine(label: string, done: number, total: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const bar = textBar(share, BAR_WIDTH).padEnd(BAR_WIDTH, '·');
  return `${label}  ${bar}  ${formatCount(done)} of ${formatCount(total)}`;
}

import { performance } from 'node:perf_hooks';

/**
 * Turns of the event loop, as the producer uses them. Together with a Clock and a random source, this is all that the
 * producer takes from its surroundings besides the network, so that a simulation can run it deterministically.
 */
export interface EventLoop {
  /** Calls `fn` once, in a later turn, after the I/O of the present one. */
  nextTurn(fn: () => void): void;
  /** Milliseconds with fractions, for measuring how long the present turn has taken. Only differences mean anything. */
  elapsedMs(): number;
}

/** Node's event loop: a turn ends in its check phase. */
export class SystemEventLoop implements EventLoop {
  nextTurn(fn: () => void): void {
    setImmediate(fn);
  }

  elapsedMs(): number {
    return performance.now();
  }
}

import type { Unhandled } from './run-record';

export interface ProcessWatch {
  readonly unhandled: readonly Unhandled[];
  readonly warnings: readonly string[];
  /** Notes what a turn or a timer of the simulation threw. */
  exception(thrown: unknown): void;
  end(): void;
}

/**
 * Keeps, until `end()`, what would end a Node process, and what the producer warns of. In a browser, which has no `process`
 * with events, only what is told with `exception()`.
 */
export function watchProcess(nowMs: () => number): ProcessWatch {
  const unhandled: Unhandled[] = [];
  const warnings: string[] = [];
  const note = (kind: Unhandled['kind']) => (reason: unknown) => {
    const message = reason instanceof Error ? reason.message : String(reason);
    unhandled.push({ atMs: nowMs(), kind, message });
  };
  const onRejection = note('rejection');
  const onException = note('exception');
  const hasEvents = typeof process !== 'undefined' && typeof process.on === 'function';
  if (!hasEvents) return { unhandled, warnings, exception: onException, end: () => {} };
  const emitWarning: unknown = Reflect.get(process, 'emitWarning');
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  process.emitWarning = (warning: string | Error) => {
    warnings.push(typeof warning === 'string' ? warning : warning.message);
  };
  return {
    unhandled,
    warnings,
    exception: onException,
    end: () => {
      process.off('unhandledRejection', onRejection);
      process.off('uncaughtException', onException);
      Reflect.set(process, 'emitWarning', emitWarning);
    },
  };
}

/**
 * Calls code that belongs to the user of the producer: callbacks, interceptors, listeners. What it throws must not change what
 * becomes of a record, and neither must a promise that it returns and that rejects: left alone, an unhandled rejection ends
 * the process. Java's producer logs such errors; here they are process warnings. Returns undefined when the call threw.
 * @param what the subject of the warning: "A callback of send()"
 */
export function callGuarded<T>(what: string, call: () => T): T | undefined {
  try {
    const returned = call();
    watchRejection(what, returned);
    return returned;
  } catch (error) {
    warnOfThrown(what, error);
    return undefined;
  }
}

/** For a call that every record makes, without the closure that callGuarded() needs: what the call returned. */
export function watchRejection(what: string, returned: unknown): void {
  if (isThenable(returned)) returned.then(undefined, (error: unknown) => warn(what, 'rejected', error));
}

/** For such a call: what it threw. */
export function warnOfThrown(what: string, error: unknown): void {
  warn(what, 'threw', error);
}

/** What somebody threw, as text: anything can be thrown, and even its conversion to text may throw. */
export function textOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'something that cannot be shown as text';
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
  );
}

function warn(what: string, how: string, error: unknown): void {
  process.emitWarning(`${what} ${how}; the error was ignored: ${textOf(error)}`);
}

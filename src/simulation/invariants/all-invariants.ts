import type { RunRecord } from '../run-record';
import { acknowledgedIsLogged } from './acknowledged-is-logged';
import { callbacksRunOnce } from './callbacks-run-once';
import { everythingSettles } from './everything-settles';
import { failedIsNotLogged } from './failed-is-not-logged';
import type { BrokenInvariant, Invariant } from './invariant';
import { memoryComesBack } from './memory-comes-back';
import { metricsAddUp } from './metrics-add-up';
import { nothingIsUnhandled } from './nothing-is-unhandled';
import { onceAndInOrder } from './once-and-in-order';
import { requestsKeepLimits } from './requests-keep-limits';
import { retriesBackOff } from './retries-back-off';
import { RunFacts } from './run-facts';

/** In the order of their numbers. */
export const INVARIANTS: readonly Invariant[] = [
  acknowledgedIsLogged,
  failedIsNotLogged,
  onceAndInOrder,
  everythingSettles,
  memoryComesBack,
  requestsKeepLimits,
  retriesBackOff,
  callbacksRunOnce,
  nothingIsUnhandled,
  metricsAddUp,
];

/** Everything that a run broke, by the number of the invariant. */
export function brokenInvariants(run: RunRecord): BrokenInvariant[] {
  const facts = new RunFacts(run);
  return INVARIANTS.flatMap(({ number, promise, check }) =>
    [...check(facts)].map((violation) => ({ invariant: number, promise, ...violation })),
  );
}

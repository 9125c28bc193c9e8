import fc from 'fast-check';
import { among, defined, presentIn, rarely, sometimes } from './schedule-chance';
import type { SendStep, Step } from './schedule';

const counts = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
);

const values = fc.oneof(
  { withCrossShrink: true },
  { weight: 12, arbitrary: among(10, 50, 100, 300, 1000) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3000 }) },
  { weight: 2, arbitrary: among('mixed' as const) },
  { weight: 1, arbitrary: among<null | 0 | 'rejected' | 'not-bytes'>(null, 0, 'rejected', 'not-bytes') },
);

const sends: fc.Arbitrary<SendStep> = fc
  .record({
    do: fc.constant('send' as const),
    count: counts,
    topic: presentIn(6, among('orders', 'payments', 'missing' as const)),
    partition: presentIn(
      2,
      fc.oneof(
        { withCrossShrink: true },
        { weight: 6, arbitrary: among(0, 1) },
        { weight: 4, arbitrary: among('each' as const) },
        { weight: 1, arbitrary: among(2, 3, 7) },
      ),
    ),
    key: sometimes(among('same', 'each', 'empty' as const)),
    value: presentIn(2, values),
    noise: rarely(among(true)),
    headers: rarely(among(1, 2)),
    timestamp: rarely(among('own', 'old', 'future' as const)),
    wait: sometimes(among('send', 'get' as const)),
    unseen: rarely(among(true)),
    callback: presentIn(
      4,
      fc.oneof(
        { withCrossShrink: true },
        { weight: 4, arbitrary: among('plain' as const) },
        { weight: 4, arbitrary: among('throws', 'rejects', 'sends', 'flushes' as const) },
        { weight: 1, arbitrary: among('closes' as const) },
      ),
    ),
  })
  .map((step) => defined(step));

const others: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: among(1, 5, 20, 100, 600, 3000).map((ms) => ({ do: 'pause' as const, ms })) },
  {
    weight: 3,
    arbitrary: sometimes(among(true)).map((unawaited) => defined({ do: 'flush' as const, unawaited })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        do: fc.constant('close' as const),
        timeoutMs: sometimes(among(0, 5, 100, 1000)),
        unawaited: sometimes(among(true)),
      })
      .map((step) => defined(step)),
  },
  {
    weight: 1,
    arbitrary: rarely(among('payments', 'missing' as const)).map((topic) =>
      defined({ do: 'partitions-for' as const, topic }),
    ),
  },
);

/** What the user's code does, one after the other. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: sends }, { weight: 1, arbitrary: others }),
  { minLength: 1, maxLength: 8, size: 'max' },
);

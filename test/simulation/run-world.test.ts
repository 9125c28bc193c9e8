import { VirtualWorld } from '../../src/simulation/run-world';
import { SimulatedEventLoop } from '../../src/simulation/simulated-event-loop';
import { SeededRandom } from '../../src/support/seeded-random';

function world(seed = 1) {
  const thrown: unknown[] = [];
  return { thrown, world: new VirtualWorld(new SeededRandom(seed), (error) => void thrown.push(error)) };
}

const never = () => false;
const noLimit = () => Infinity;

describe('VirtualWorld', () => {
  it('lets all promises go on before the next event', async () => {
    const { world: virtual } = world();
    const seen: string[] = [];
    virtual.clock.after(1, () => {
      void (async () => {
        for (let step = 0; step < 50; step++) await Promise.resolve();
        seen.push('promises of the first timer');
      })();
    });
    virtual.clock.after(1, () => seen.push('second timer'));
    expect(await virtual.run(never, noLimit)).toBe('idle');
    expect(seen).toEqual(['promises of the first timer', 'second timer']);
  });

  it('runs turns before the time moves on, and what is due at one moment in an order that the seed decides', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const { world: virtual } = world(seed);
      const seen: string[] = [];
      virtual.newEventLoop(0).nextTurn(() => seen.push('turn'));
      virtual.clock.after(0, () => seen.push('timer'));
      virtual.clock.after(1, () => seen.push('later'));
      await virtual.run(never, noLimit);
      orders.add(seen.join());
    }
    expect([...orders].sort()).toEqual(['timer,turn,later', 'turn,timer,later']);
  });

  it('ends when it is done, and when the next event is too late', async () => {
    const { world: virtual } = world();
    virtual.clock.after(10, () => {});
    const startMs = virtual.clock.now();
    expect(await virtual.run(() => true, noLimit)).toBe('done');
    expect(await virtual.run(never, () => startMs + 9)).toBe('late');
    expect(virtual.clock.now()).toBe(startMs);
    expect(await virtual.run(never, () => startMs + 10)).toBe('idle');
  });

  it('notices that the time stands still, and gives up', async () => {
    const { world: virtual } = world();
    const loop = virtual.newEventLoop(0);
    const spin = () => loop.nextTurn(spin);
    spin();
    expect(await virtual.run(never, noLimit)).toBe('spinning');
    expect(virtual.spinningAtMs).toBe(virtual.clock.now());
  });

  it('hands on what an event throws, and goes on', async () => {
    const { world: virtual, thrown } = world();
    const error = new Error('it threw');
    virtual.clock.after(1, () => {
      throw error;
    });
    virtual.clock.after(2, () => {});
    expect(await virtual.run(never, noLimit)).toBe('idle');
    expect(thrown).toEqual([error]);
  });
});

describe('SimulatedEventLoop', () => {
  it('measures by the number of looks, so that each run measures the same', () => {
    const measured = () => {
      const loop = new SimulatedEventLoop(0.5);
      return [loop.elapsedMs(), loop.elapsedMs(), loop.elapsedMs()];
    };
    const [first = 0, second = 0, third = 0] = measured();
    expect(first).toBeGreaterThan(0);
    expect([second - first, third - second]).toEqual([0.5, 0.5]);
    expect(measured()).toEqual([first, second, third]);
  });
});

import { orderBytes, orders, takeOrders } from '../../src/lab/order';

describe('orders', () => {
  it('are the same for the same seed and others for another', () => {
    expect(takeOrders(50, { seed: 7 })).toEqual(takeOrders(50, { seed: 7 }));
    expect(takeOrders(50, { seed: 7 })).not.toEqual(takeOrders(50, { seed: 8 }));
  });

  it('have ids that count up, so that a lost or doubled one can be named', () => {
    expect(takeOrders(3, { seed: 1 }).map(({ orderId }) => orderId)).toEqual([
      'order-0000001',
      'order-0000002',
      'order-0000003',
    ]);
  });

  it('have the shares of guests and of priority HIGH that were asked for', () => {
    const many = takeOrders(10_000, { seed: 3, guestShare: 0.2, highShare: 0.05 });
    const share = (count: number) => count / many.length;
    expect(share(many.filter(({ customerId }) => customerId === null).length)).toBeCloseTo(0.2, 1);
    expect(share(many.filter(({ priority }) => priority === 'HIGH').length)).toBeCloseTo(0.05, 1);
    expect(many.some(({ priority }) => priority === 'LOW')).toBe(true);
    expect(many.every(({ amountCents }) => Number.isSafeInteger(amountCents) && amountCents > 0)).toBe(true);
  });

  it('come from few customers for the most part, as in a shop', () => {
    const customers = takeOrders(10_000, { seed: 3, customers: 100, guestShare: 0 }).map(({ customerId }) =>
      Number(customerId?.replace('customer-', '')),
    );
    const fromFirstQuarter = customers.filter((customer) => customer <= 25).length / customers.length;
    expect(fromFirstQuarter).toBeCloseTo(0.5, 1);
  });

  it('refuse options that make no sense', () => {
    expect(() => takeOrders(1, { seed: 1, guestShare: 2 })).toThrow('guestShare must be from 0 to 1, not 2.');
    expect(() => orders({ seed: 1.5 }).next()).toThrow('A seed is a whole number, not 1.5.');
    expect(() => takeOrders(-1, { seed: 1 })).toThrow(RangeError);
  });

  it('are JSON in UTF-8 on the wire, and null stays null', () => {
    const [order] = takeOrders(1, { seed: 1 });
    expect(orderBytes(order!).toString('utf8')).toBe(JSON.stringify(order));
    expect(orderBytes(null)).toBeNull();
  });
});

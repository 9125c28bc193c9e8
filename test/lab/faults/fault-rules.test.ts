import { startFaultProxy } from '../../../src/lab/faults/fault-proxy';
import { FrameSplitter } from '../../../src/protocol/frame-splitter';
import { produceFrame } from '../support/scripted-broker';

describe('a fault rule', () => {
  const start = (rule: object) => () =>
    startFaultProxy({
      bootstrapServers: '127.0.0.1:1',
      faults: [{ fault: { kind: 'drop-response' }, ...rule } as never],
    });

  it.each([
    [{ request: 'Prodcue' }, 'A fault cannot be aimed at Prodcue'],
    [{ probability: 2 }, 'The probability of a fault is from 0 to 1, not 2.'],
    [{ nth: 0 }, 'nth of a fault is a whole number from 1 on, not 0.'],
    [{ request: 'Metadata', partition: 1 }, 'can only be aimed at Produce'],
    [{ request: 'Metadata', fault: { kind: 'refuse', errorCode: 3 } }, 'not Metadata'],
    [{ fault: { kind: 'delay-request', ms: -1 } }, 'A delay is 0 ms or more, not -1.'],
  ])('%j is refused', async (rule, message) => {
    await expect(start(rule)).rejects.toThrow(message);
  });

  it('and an address without a port are told at once', async () => {
    await expect(startFaultProxy({ bootstrapServers: 'localhost' })).rejects.toThrow('"localhost" is not');
  });
});

describe('FrameSplitter', () => {
  it('finds frames however the bytes are cut', () => {
    const frames = [produceFrame({ correlationId: 1 }), produceFrame({ correlationId: 2, version: 9 })];
    const bytes = Buffer.concat(frames);
    for (const size of [1, 2, 3, 5, 7, 64, bytes.length]) {
      const splitter = new FrameSplitter();
      const found: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...splitter.push(bytes.subarray(at, at + size)));
      expect(found).toEqual(frames);
    }
  });
});

import { startFaultProxy } from '../../../src/lab/faults/fault-proxy';
import type { FaultProxy, FaultProxyOptions } from '../../../src/lab/faults/fault-proxy';
import { API_KEYS, readRequestHeader } from '../../../src/protocol/request-header';
import { WireReader, WireWriter } from '../../../src/protocol/wire';
import { readProduceResponse, refusal, writeProduceResponse } from '../../../src/protocol/produce-frames';
import { ManualClock } from '../../../src/support/clock';
import { FrameClient, produceFrame, ScriptedBroker } from '../support/scripted-broker';

describe('the fault proxy, with scripted frames,', () => {
  let broker: ScriptedBroker;
  let client: FrameClient;
  let proxy: FaultProxy;

  const connect = async (options: Omit<FaultProxyOptions, 'bootstrapServers'> = {}) => {
    proxy = await startFaultProxy({ bootstrapServers: broker.address, ...options });
    client = await FrameClient.connect(proxy.bootstrapServers);
  };
  const answersOf = async (frame: Buffer) =>
    readProduceResponse(await client.response(), readRequestHeader(frame)).partitions;

  beforeEach(async () => {
    broker = await ScriptedBroker.start();
  });

  afterEach(async () => {
    client.end();
    await proxy.close();
    await broker.stop();
    expect(proxy.failures).toEqual([]);
  });

  it.each([3, 5, 7, 8, 9, 10, 12])(
    'passes Produce version %d on unchanged, and reports what is in it',
    async (version) => {
      await connect();
      const frame = produceFrame({
        version,
        correlationId: 7,
        acks: -1,
        batches: [{ partition: 2, producerId: 4000n, producerEpoch: 1, baseSequence: 30, records: 5 }],
      });
      client.send(frame);
      expect(await answersOf(frame)).toEqual([{ ...refusal('orders', 2, 0), baseOffset: 0n }]);
      expect(broker.frames).toEqual([frame]);
      expect(proxy.requests).toMatchObject([
        {
          number: 1,
          connection: 1,
          kind: 'Produce',
          apiVersion: version,
          correlationId: 7,
          clientId: 'test',
          sizeInBytes: frame.length,
          acks: -1,
          fate: 'answered',
          batches: [
            {
              topic: 'orders',
              partition: 2,
              producerId: 4000n,
              producerEpoch: 1,
              baseSequence: 30,
              records: 5,
              codec: 0,
            },
          ],
        },
      ]);
    },
  );

  it('drops a response: the broker has the write, the client waits for ever, later answers arrive', async () => {
    await connect({ faults: [{ fault: { kind: 'drop-response' }, nth: 1 }] });
    client.send(produceFrame({ correlationId: 1 }), produceFrame({ correlationId: 2 }));
    expect((await client.response()).readInt32BE(4)).toBe(2);
    expect(broker.frames).toHaveLength(2);
    expect(proxy.requests.map(({ fate }) => fate)).toEqual(['answer-lost', 'answered']);
    expect(proxy.faults).toMatchObject([{ fault: { kind: 'drop-response' }, request: { correlationId: 1 } }]);
  });

  it('kills the connection before the broker sees the request', async () => {
    await connect({ faults: [{ fault: { kind: 'kill-before-write' }, nth: 2 }] });
    client.send(produceFrame({ correlationId: 1 }));
    await client.response();
    client.send(produceFrame({ correlationId: 2 }));
    await client.closed;
    expect(broker.frames).toHaveLength(1);
    expect(proxy.requests.map(({ fate }) => fate)).toEqual(['answered', 'not-delivered']);
  });

  it('kills the connection after the broker has written; what is in flight behind it loses its answer, too', async () => {
    await connect({ faults: [{ fault: { kind: 'kill-after-write' }, nth: 1 }] });
    broker.holdAnswers();
    client.send(produceFrame({ correlationId: 1 }), produceFrame({ correlationId: 2 }));
    await broker.received(2);
    broker.releaseAnswers();
    await client.closed;
    expect(proxy.requests.map(({ fate }) => fate)).toEqual(['answer-lost', 'answer-lost']);
    expect(proxy.faults).toHaveLength(1);
  });

  it('counts over all connections', async () => {
    await connect({ faults: [{ fault: { kind: 'kill-before-write' }, nth: 2 }] });
    client.send(produceFrame({ correlationId: 1 }));
    await client.response();
    const second = await FrameClient.connect(proxy.bootstrapServers);
    second.send(produceFrame({ correlationId: 1 }));
    await second.closed;
    expect(proxy.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it.each([3, 8, 9, 10])(
    'refuses Produce version %d with a chosen error; nothing reaches the broker',
    async (version) => {
      await connect({ faults: [{ fault: { kind: 'refuse', errorCode: 19 } }] });
      const frame = produceFrame({ version, correlationId: 1 });
      client.send(frame);
      expect(await answersOf(frame)).toEqual([refusal('orders', 0, 19)]);
      expect(broker.frames).toEqual([]);
      expect(proxy.requests).toMatchObject([{ fate: 'refused' }]);
    },
  );

  it.each([3, 8, 9, 10])(
    'refuses one partition of a request, version %d, and lets the broker write the other',
    async (version) => {
      await connect({ faults: [{ fault: { kind: 'refuse', errorCode: 10 }, partition: 1 }] });
      const frame = produceFrame({
        version,
        correlationId: 1,
        batches: [{ partition: 0 }, { partition: 1 }],
      });
      client.send(frame);
      const answers = await answersOf(frame);
      expect(answers).toEqual([{ ...refusal('orders', 0, 0), baseOffset: 0n }, refusal('orders', 1, 10)]);
      expect(broker.frames).toEqual([
        produceFrame({ version, correlationId: 1, batches: [{ partition: 0 }] }),
      ]);
    },
  );

  it('refuses an InitProducerId', async () => {
    await connect({
      faults: [{ request: 'InitProducerId', fault: { kind: 'refuse', errorCode: 14 }, nth: 1 }],
    });
    const request = new WireWriter({ flexible: true })
      .int16(API_KEYS.InitProducerId)
      .int16(4)
      .int32(9)
      .classicString('test')
      .tags();
    client.send(request.string(null).int32(1000).int64(-1n).int16(-1).tags().frame());
    const body = new WireReader(await client.response(), { offset: 8, flexible: true });
    body.tags();
    expect([body.int32(), body.int16(), body.int64(), body.int16()]).toEqual([0, 14, -1n, -1]);
    expect(broker.frames).toEqual([]);
  });

  it('lets the broker write and answers with an error all the same', async () => {
    await connect({ faults: [{ fault: { kind: 'replace-answer', errorCode: 20 }, partition: 0 }] });
    const frame = produceFrame({ correlationId: 1, batches: [{ partition: 0 }, { partition: 1 }] });
    client.send(frame);
    expect(await answersOf(frame)).toMatchObject([
      { errorCode: 20, baseOffset: -1n },
      { errorCode: 0, baseOffset: 0n },
    ]);
    expect(broker.frames).toEqual([frame]);
  });

  it.each([8, 9, 10, 12])(
    'changes one partition of a response, version %d, and keeps everything else that is in it',
    async (version) => {
      await connect({ faults: [{ fault: { kind: 'replace-answer', errorCode: 20 }, partition: 0 }] });
      const detailed = {
        ...refusal('orders', 1, 87),
        logStartOffset: 5n,
        errorMessage: 'One or more records have been rejected',
        recordErrors: [{ batchIndex: 3, message: 'no key' }],
        currentLeader: version >= 10 ? { leader: 2, leaderEpoch: 7 } : null,
      };
      const refused = { ...refusal('orders', 0, 0), baseOffset: 4n, logStartOffset: 1n };
      broker.answer = (header) =>
        writeProduceResponse(header, { partitions: [refused, detailed], throttleTimeMs: 250 });
      const frame = produceFrame({
        version,
        correlationId: 1,
        batches: [{ partition: 0 }, { partition: 1 }],
      });
      client.send(frame);
      expect(readProduceResponse(await client.response(), readRequestHeader(frame))).toEqual({
        partitions: [refusal('orders', 0, 20), detailed],
        throttleTimeMs: 250,
        nodeEndpoints: [],
      });
    },
  );

  it('delays a request, and an answer, by the clock', async () => {
    const clock = new ManualClock();
    await connect({
      clock,
      faults: [
        { fault: { kind: 'delay-request', ms: 500 }, nth: 1 },
        { fault: { kind: 'delay-response', ms: 300 }, nth: 2 },
      ],
    });
    client.send(produceFrame({ correlationId: 1 }));
    await proxyHas(() => clock.pending === 1);
    clock.advance(499);
    expect(broker.frames).toEqual([]);
    clock.advance(1);
    await client.response();
    client.send(produceFrame({ correlationId: 2 }));
    await broker.received(2);
    await proxyHas(() => clock.pending === 1);
    expect(client.waiting).toBe(0);
    clock.advance(300);
    expect((await client.response()).readInt32BE(4)).toBe(2);
  });

  it('throttles: a request takes its size over the speed', async () => {
    const clock = new ManualClock();
    await connect({ clock, faults: [{ fault: { kind: 'throttle', bytesPerSecond: 1000 } }] });
    const frame = produceFrame({ correlationId: 1 });
    client.send(frame);
    await proxyHas(() => clock.pending === 1);
    clock.advance(frame.length - 1);
    expect(broker.frames).toEqual([]);
    clock.advance(1);
    await client.response();
  });

  it('does the same faults for the same seed', async () => {
    const run = async (seed: number) => {
      const one = await startFaultProxy({
        bootstrapServers: broker.address,
        seed,
        faults: [{ fault: { kind: 'refuse', errorCode: 7 }, probability: 0.4 }],
      });
      const sender = await FrameClient.connect(one.bootstrapServers);
      for (let correlationId = 1; correlationId <= 30; correlationId++) {
        sender.send(produceFrame({ correlationId }));
        await sender.response();
      }
      sender.end();
      await one.close();
      return one.requests.map(({ fate }) => (fate === 'refused' ? 'x' : '.')).join('');
    };
    await connect();
    const first = await run(5);
    expect(await run(5)).toBe(first);
    expect(await run(6)).not.toBe(first);
    expect(first).toMatch(/x/);
    expect(first).toMatch(/\./);
  });

  it('knows that nobody waits for an answer to acks=0', async () => {
    await connect({ faults: [{ fault: { kind: 'drop-response' } }] });
    client.send(produceFrame({ correlationId: 1, acks: 0 }), produceFrame({ correlationId: 2, acks: 1 }));
    await broker.received(2);
    await proxyHas(() => proxy.faults.length === 1);
    expect(proxy.requests.map(({ fate }) => fate)).toEqual(['no-answer-due', 'answer-lost']);
  });

  it('holds everything back while it is stalled', async () => {
    await connect();
    proxy.stall();
    client.send(produceFrame({ correlationId: 1 }));
    await proxyHas(() => proxy.requests.length === 1);
    expect(broker.frames).toEqual([]);
    proxy.resume();
    expect((await client.response()).readInt32BE(4)).toBe(1);
  });

  it('leaves no socket and no listener behind, whatever was going on', async () => {
    await connect({ clock: new ManualClock(), faults: [{ fault: { kind: 'delay-request', ms: 1e9 } }] });
    client.send(produceFrame({ correlationId: 1 }));
    await proxyHas(() => proxy.requests.length === 1);
    const stalled = await FrameClient.connect(proxy.bootstrapServers);
    proxy.stall();
    stalled.send(produceFrame({ correlationId: 1 }));
    await proxyHas(() => proxy.requests.length === 2);
    await proxy.close();
    await client.closed;
    await stalled.closed;
    await broker.allClosed();
    await expect(FrameClient.connect(proxy.bootstrapServers)).rejects.toThrow('ECONNREFUSED');
  });

  it('breaks the connection when the broker is not there', async () => {
    await connect();
    await broker.stop();
    const refused = await FrameClient.connect(proxy.bootstrapServers);
    await refused.closed;
    expect(proxy.requests).toEqual([]);
  });
});

it('reports what is not Kafka’s protocol and breaks that connection', async () => {
  const broker = await ScriptedBroker.start();
  const proxy = await startFaultProxy({ bootstrapServers: broker.address });
  const client = await FrameClient.connect(proxy.bootstrapServers);
  client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  await client.closed;
  expect(proxy.failures).toMatchObject([{ message: 'A frame of 1195725856 bytes is not Kafka’s protocol.' }]);
  await proxy.close();
  await broker.stop();
});

/** Waits for what the proxy does with bytes on its sockets, turn by turn of the event loop. */
async function proxyHas(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

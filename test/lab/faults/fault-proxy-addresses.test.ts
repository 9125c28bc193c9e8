import { startFaultProxy } from '../../../src/lab/faults/fault-proxy';
import type { FaultProxy, FaultProxyOptions } from '../../../src/lab/faults/fault-proxy';
import { API_KEYS, readRequestHeader } from '../../../src/protocol/request-header';
import { WireReader, WireWriter } from '../../../src/protocol/wire';
import { readProduceResponse, refusal, writeProduceResponse } from '../../../src/protocol/produce-frames';
import { FrameClient, produceFrame, ScriptedBroker } from '../support/scripted-broker';

describe('the fault proxy, in what brokers say about themselves,', () => {
  let broker: ScriptedBroker;
  let client: FrameClient;
  let proxy: FaultProxy;

  const connect = async (options: Omit<FaultProxyOptions, 'bootstrapServers'> = {}) => {
    proxy = await startFaultProxy({ bootstrapServers: broker.address, ...options });
    client = await FrameClient.connect(proxy.bootstrapServers);
  };

  beforeEach(async () => {
    broker = await ScriptedBroker.start();
  });

  afterEach(async () => {
    client.end();
    await proxy.close();
    await broker.stop();
    expect(proxy.failures).toEqual([]);
  });

  it.each([0, 1, 5, 8, 9, 12])(
    'replaces the addresses in Metadata version %d by its own',
    async (version) => {
      await connect();
      const flexible = version >= 9;
      broker.answer = (header) => {
        const writer = new WireWriter({ flexible }).int32(header.correlationId).tags();
        if (version >= 3) writer.int32(0);
        writer.array(
          [
            { id: 4, port: 1 },
            { id: 5, port: 2 },
          ],
          ({ id, port }) => {
            writer.int32(id).string('127.0.0.1').int32(port);
            if (version >= 1) writer.string('rack-a');
            writer.tags();
          },
        );
        return writer.string('the rest').tags().frame();
      };
      const request = new WireWriter({ flexible })
        .int16(API_KEYS.Metadata)
        .int16(version)
        .int32(3)
        .classicString('test');
      client.send(request.tags().frame());
      const body = new WireReader(await client.response(), { offset: 8, flexible });
      body.tags();
      if (version >= 3) body.int32();
      const brokers = body.array(() => {
        const found = { id: body.int32(), host: body.string(), port: body.int32() };
        if (version >= 1) expect(body.string()).toBe('rack-a');
        body.tags();
        return found;
      });
      expect(body.string()).toBe('the rest');
      expect(brokers).toMatchObject([
        { id: 4, host: '127.0.0.1' },
        { id: 5, host: '127.0.0.1' },
      ]);
      expect(new Set([...brokers.map(({ port }) => port), 1, 2]).size).toBe(4);
    },
  );

  it('replaces the address of a current leader in a Produce response by its own, and keeps the rest of it', async () => {
    await connect();
    const moved = { ...refusal('orders', 0, 6), currentLeader: { leader: 5, leaderEpoch: 9 } };
    broker.answer = (header) =>
      writeProduceResponse(header, {
        partitions: [moved],
        throttleTimeMs: 3,
        nodeEndpoints: [{ id: 5, host: '127.0.0.1', port: 2, rack: 'rack-a' }],
      });
    const frame = produceFrame({ version: 10, correlationId: 1 });
    client.send(frame);
    const response = readProduceResponse(await client.response(), readRequestHeader(frame));
    expect(response).toEqual({
      partitions: [moved],
      throttleTimeMs: 3,
      nodeEndpoints: [{ id: 5, host: '127.0.0.1', port: expect.any(Number) as number, rack: 'rack-a' }],
    });
    // The proxy listens there.
    const toLeader = await FrameClient.connect(`127.0.0.1:${response.nodeEndpoints![0]!.port}`);
    toLeader.end();
  });

  it('names the broker of each request once it knows it', async () => {
    const other = await ScriptedBroker.start();
    await connect({ faults: [{ fault: { kind: 'refuse', errorCode: 6 }, node: 8 }] });
    broker.answer = (header) => {
      const writer = new WireWriter().int32(header.correlationId);
      return writer
        .array(
          [other, broker],
          ({ port }) =>
            void writer
              .int32(port === other.port ? 8 : 9)
              .string('127.0.0.1')
              .int32(port),
        )
        .frame();
    };
    const metadata = new WireWriter()
      .int16(API_KEYS.Metadata)
      .int16(0)
      .int32(3)
      .classicString('test')
      .int32(0);
    client.send(metadata.frame());
    const body = new WireReader(await client.response(), { offset: 8 });
    const [first] = body.array(() => ({ id: body.int32(), host: body.string(), port: body.int32() }));
    const toOther = await FrameClient.connect(`127.0.0.1:${first!.port}`);
    const frame = produceFrame({ correlationId: 1 });
    toOther.send(frame);
    expect(readProduceResponse(await toOther.response(), readRequestHeader(frame)).partitions).toMatchObject([
      { errorCode: 6 },
    ]);
    expect(proxy.requests.at(-1)).toMatchObject({ node: 8, fate: 'refused' });
    toOther.end();
    await other.stop();
  });

  it('offers no version of Produce that names topics by id', async () => {
    await connect();
    broker.answer = (header) => {
      const writer = new WireWriter({ flexible: true }).int32(header.correlationId).int16(0);
      return writer
        .array(
          [
            [0, 0, 13],
            [3, 0, 13],
          ] as const,
          ([key, min, max]) => void writer.int16(key).int16(min).int16(max).tags(),
        )
        .int32(0)
        .tags()
        .frame();
    };
    client.send(
      new WireWriter({ flexible: true })
        .int16(API_KEYS.ApiVersions)
        .int16(3)
        .int32(1)
        .classicString('test')
        .tags()
        .frame(),
    );
    const body = new WireReader(await client.response(), { offset: 8, flexible: true });
    expect(body.int16()).toBe(0);
    const ranges = body.array(() => {
      const range = [body.int16(), body.int16(), body.int16()];
      body.tags();
      return range;
    });
    expect(ranges).toEqual([
      [0, 0, 12],
      [3, 0, 13],
    ]);
  });
});

import {
  decodeFetch,
  decodeListOffset,
  decodeMetadata,
  decodeProduce,
  encodeProduce,
} from '../../src/protocol/requests';
import { WireReader, WireWriter } from '../../src/protocol/wire';

const batch = (topic: string, partition: number, size: number) => ({
  topic,
  partition,
  bytes: Buffer.alloc(size, partition),
});

describe('a Produce request', () => {
  const request = (...batches: ReturnType<typeof batch>[]) =>
    encodeProduce({ acks: 1, timeoutMs: 500, batches });

  it('groups batches by topic, whatever their order', () => {
    const { body, apiVersion, expectResponse } = request(
      batch('a', 0, 3),
      batch('b', 1, 2),
      batch('a', 2, 1),
    );
    expect([apiVersion, expectResponse]).toEqual([8, true]);
    const reader = new WireReader(Buffer.concat(body));
    expect([reader.nullableString(), reader.int16(), reader.int32()]).toEqual([null, 1, 500]);
    const topics = reader.array(() => [
      reader.string(),
      reader.array(() => [reader.int32(), reader.bytes().toString('hex')]),
    ]);
    expect(topics).toEqual([
      [
        'a',
        [
          [0, '000000'],
          [2, '02'],
        ],
      ],
      ['b', [[1, '0101']]],
    ]);
  });

  it('does not copy a large batch', () => {
    const large = batch('a', 0, 100_000);
    expect(request(large, batch('a', 1, 10)).body).toContain(large.bytes);
  });

  it('expects no answer with acks=0', () => {
    expect(encodeProduce({ acks: 0, timeoutMs: 1, batches: [] }).expectResponse).toBe(false);
  });
});

describe('WireWriter', () => {
  it('keeps the order of what it writes beyond its first buffer', () => {
    const writer = new WireWriter({ capacity: 4 });
    writer
      .int8(1)
      .int16(2)
      .int32(3)
      .int64(4n)
      .string('fünf')
      .string(null)
      .bytes(Buffer.alloc(5000, 6))
      .int8(7);
    const reader = new WireReader(Buffer.concat(writer.finish()));
    expect([reader.int8(), reader.int16(), reader.int32(), reader.int64()]).toEqual([1, 2, 3, 4n]);
    expect([reader.string(), reader.nullableString(), reader.bytes().length, reader.int8()]).toEqual([
      'fünf',
      null,
      5000,
      7,
    ]);
  });
});

describe('an answer that ends early', () => {
  const decoders = { decodeProduce, decodeMetadata, decodeFetch, decodeListOffset };
  it.each(Object.entries(decoders))('is a RangeError of %s', (_name, decode) => {
    const claimsMore = new WireWriter().int32(1).int32(1).finish();
    for (const bytes of [Buffer.alloc(0), Buffer.from([0, 0]), Buffer.concat(claimsMore)]) {
      // By name: Buffer's own RangeError is not the one of jest's world.
      expect(thrownBy(() => decode(bytes))).toMatchObject({ name: 'RangeError' });
    }
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

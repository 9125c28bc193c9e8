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
    const { body, apiVersion, flexible, expectResponse } = request(
      batch('a', 0, 3),
      batch('b', 1, 2),
      batch('a', 2, 1),
    );
    expect([apiVersion, flexible, expectResponse]).toEqual([10, true, true]);
    const reader = new WireReader(Buffer.concat(body), { flexible: true });
    expect([reader.nullableString(), reader.int16(), reader.int32()]).toEqual([null, 1, 500]);
    const topics = reader.array(() => {
      const topic = reader.string();
      const partitions = reader.array(() => {
        const partition = [reader.int32(), reader.bytes().toString('hex')];
        reader.tags();
        return partition;
      });
      reader.tags();
      return [topic, partitions];
    });
    reader.tags();
    expect(reader.rest()).toHaveLength(0);
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

  it('is, byte for byte, what KIP-482 says', () => {
    const { body } = request(batch('a', 1, 2));
    const expected = [
      '00', // no transactional id
      '0001',
      '000001f4',
      '02', // one topic
      '0261',
      '02', // one partition
      '00000001',
      '030101', // two bytes of records
      '000000', // no tagged fields of the partition, the topic, the request
    ];
    expect(Buffer.concat(body).toString('hex')).toBe(expected.join(''));
  });

  it('does not copy a large batch', () => {
    const large = batch('a', 0, 100_000);
    expect(request(large, batch('a', 1, 10)).body).toContain(large.bytes);
  });

  it('expects no response with acks=0', () => {
    expect(encodeProduce({ acks: 0, timeoutMs: 1, batches: [] }).expectResponse).toBe(false);
  });
});

/** Written by hand from ProduceResponse.json and MetadataResponse.json, so that our own writer cannot hide a mistake of our reader. */
const bytesOf = (...parts: readonly string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

const PRODUCE_RESPONSE = bytesOf(
  '01 63 02 abcd', // a tagged field of the header that nobody knows yet
  '02', // one topic
  '026f 02', // "o", one partition
  '00000003 0006 ffffffffffffffff ffffffffffffffff 0000000000000011',
  '02 00000001 036b3f 00', // record 1: "k?"
  '04776879', // "why"
  '02', // two tagged fields
  '00 09 00000002 0000000a 00', // the current leader: broker 2, epoch 10
  '07 01 ff', // one that nobody knows yet
  '00', // of the topic
  '00000064', // throttled for 100 ms
  '02', // two tagged fields
  '00 11 02 00000002 05686f7374 00002384 0272 00', // the address of broker 2, in rack "r"
  '05 03 010203',
);

const METADATA_RESPONSE = bytesOf(
  '00', // no tagged fields of the header
  '0000000a',
  '02 00000001 0268 00002384 00 01 09 01 ff', // broker 1, "h", no rack, one unknown tagged field
  '00 00000001', // no cluster id
  '03',
  '0000 026f 0123456789abcdef0123456789abcdef 00', // "o" with its id
  '03', // two partitions, the second first
  '0000 00000001 ffffffff 00000004 02 00000001 01 02 00000001 00',
  '0000 00000000 00000001 00000003 02 00000001 02 00000001 01 00',
  '80000000 00',
  '0003 026e 00000000000000000000000000000000 00 01 80000000 00', // "n" does not exist
  '00',
);

describe('a Produce response of version 10', () => {
  it('has record errors, the current leader and its address, and skips what nobody knows yet', () => {
    expect(decodeProduce(PRODUCE_RESPONSE)).toEqual({
      throttleTimeMs: 100,
      nodeEndpoints: [{ id: 2, host: 'host', port: 9092, rack: 'r' }],
      partitions: [
        {
          topic: 'o',
          partition: 3,
          errorCode: 6,
          errorMessage: 'why',
          baseOffset: -1n,
          logAppendTimeMs: -1,
          logStartOffset: 17n,
          recordErrors: [{ batchIndex: 1, message: 'k?' }],
          currentLeader: { leader: 2, leaderEpoch: 10 },
        },
      ],
    });
  });

  it('knows no current leader when the broker does not', () => {
    const unknown = Buffer.from(PRODUCE_RESPONSE);
    unknown.writeInt32BE(-1, unknown.indexOf(Buffer.from('000000020000000a', 'hex')));
    expect(decodeProduce(unknown).partitions[0]!.currentLeader).toBeNull();
  });

  it('does not let a tagged field end behind its own end', () => {
    const longer = Buffer.from(PRODUCE_RESPONSE);
    longer[longer.indexOf(Buffer.from('000900000002', 'hex')) + 1] = 8;
    expect(thrownBy(() => decodeProduce(longer))).toMatchObject({ name: 'RangeError' });
  });
});

describe('a Metadata response of version 12', () => {
  it('has the ids of topics, and partitions in order', () => {
    const partition = { replicas: [1], leaderEpoch: 3, leader: 1, inSyncReplicas: [1] };
    expect(decodeMetadata(METADATA_RESPONSE)).toEqual({
      throttleTimeMs: 10,
      brokers: [{ id: 1, host: 'h', port: 9092 }],
      topics: [
        {
          topic: 'o',
          errorCode: 0,
          topicId: 'ASNFZ4mrze8BI0VniavN7w',
          partitions: [
            { ...partition, partition: 0 },
            { ...partition, partition: 1, leader: -1, leaderEpoch: 4, inSyncReplicas: [] },
          ],
        },
        { topic: 'n', errorCode: 3, topicId: null, partitions: [] },
      ],
    });
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

describe('a response that ends early', () => {
  it.each([
    ['decodeProduce', decodeProduce, PRODUCE_RESPONSE],
    ['decodeMetadata', decodeMetadata, METADATA_RESPONSE],
  ] as const)('is a RangeError of %s, wherever it ends', (_name, decode, response) => {
    for (let length = 0; length < response.length; length++) {
      const error = thrownBy(() => decode(response.subarray(0, length)));
      expect([length, (error as Error | undefined)?.name]).toEqual([length, 'RangeError']);
    }
  });

  const decoders = { decodeFetch, decodeListOffset };
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

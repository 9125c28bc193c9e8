import { IllegalArgumentError } from '../../src/protocol/errors';
import { freezeHeaders, validateRecord } from '../../src/producer/producer-record';
import type { Header } from '../../src/protocol/header';
import type { ProducerRecord } from '../../src/producer/producer-record';
import { RecordMetadata } from '../../src/producer/record-metadata';

describe('a record', () => {
  it.each([
    ['no topic', { value: 'v' }, /^The topic of a record must be a non-empty string, not undefined\.$/],
    ['a null topic', { topic: null }, /not null/],
    ['an empty topic', { topic: '' }, /not ""/],
    ['a negative timestamp', { topic: 't', timestamp: -1 }, /topic t .*milliseconds.* not -1/],
    ['a negative partition', { topic: 't', partition: -1 }, /topic t .*from 0 on, not -1/],
    ['half a partition', { topic: 't', partition: 0.5 }, /not 0\.5/],
    ['a partition as text', { topic: 't', partition: '1' }, /not "1"/],
    ['a header without a key', { topic: 't', headers: [{ value: null }] }, /has no key/],
    [
      'a header that is no bytes',
      { topic: 't', headers: [{ key: 'h', value: 'text' }] },
      /header "h" .* Buffer or null/,
    ],
  ])('F-12 with %s is refused', (_what, record, message) => {
    const validate = () => validateRecord(record as unknown as ProducerRecord);
    expect(validate).toThrow(IllegalArgumentError);
    expect(validate).toThrow(message);
  });

  it.each([null, undefined, 'orders', 5])('F-12 that is %p is refused', (record) => {
    expect(() => validateRecord(record as unknown as ProducerRecord)).toThrow(IllegalArgumentError);
  });

  it('F-12 may leave out everything but its topic', () => {
    expect(() => validateRecord({ topic: 't' })).not.toThrow();
    const headers = [{ key: 'h', value: null }];
    const full = { topic: 't', partition: 0, timestamp: 0, key: null, value: null, headers };
    expect(() => validateRecord(full)).not.toThrow();
  });

  it('F-14 has read-only headers once it is sent: adding throws, the old value stays', () => {
    const headers: { key: string; value: Buffer | null }[] = [{ key: 'h', value: Buffer.from('1') }];
    const frozen: readonly Header[] = freezeHeaders({ topic: 't', headers });
    expect(() => headers.push({ key: 'more', value: null })).toThrow(TypeError);
    expect(() => (headers[0]!.value = null)).toThrow(TypeError);
    expect(frozen).toEqual([{ key: 'h', value: Buffer.from('1') }]);
    expect(freezeHeaders({ topic: 't' })).toEqual([]);
  });
});

describe('RecordMetadata', () => {
  const at = (baseOffset?: bigint, batchIndex?: number) =>
    new RecordMetadata({ topic: 't', partition: 2, baseOffset, batchIndex, timestamp: 10 });

  it('F-05 adds the place in the batch to the base offset', () => {
    expect(at(15n, 3).offset).toBe(18n);
    expect(at(45n, 5).offset).toBe(50n);
    expect([at(15n, 3).hasOffset(), String(at(15n, 3))]).toEqual([true, 't-2@18']);
  });

  it('F-05 has no offset when the broker did not say one', () => {
    expect([at().offset, at(-1n, 3).offset, at(-1n, 3).hasOffset()]).toEqual([-1n, -1n, false]);
  });

  it('F-13, G-09 knows nothing else of a record that failed', () => {
    const failed = new RecordMetadata({ topic: 't', partition: -1 });
    expect(failed).toMatchObject({
      offset: -1n,
      timestamp: -1,
      serializedKeySize: -1,
      serializedValueSize: -1,
    });
    expect(failed.hasTimestamp()).toBe(false);
  });
});

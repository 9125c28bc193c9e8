import { ProducerInterceptors } from '../../src/producer/interceptors';
import type { ProducerInterceptor } from '../../src/producer/interceptors';
import { RecordMetadata } from '../../src/producer/record-metadata';

const RECORD = { topic: 'orders', value: 'value' };
const METADATA = new RecordMetadata({ topic: 'orders', partition: 1, baseOffset: 5n, batchIndex: 0 });

const appending = (text: string): ProducerInterceptor<string, string> => ({
  onSend: (record) => ({ ...record, value: `${record.value}${text}` }),
});
const throwing: ProducerInterceptor<string, string> = {
  onSend: () => {
    throw new Error('no');
  },
  onAcknowledgement: () => {
    throw new Error('no');
  },
  close: () => {
    throw new Error('no');
  },
};
const chainOf = (...interceptors: ProducerInterceptor<string, string>[]) =>
  new ProducerInterceptors(interceptors);

let warnings: jest.SpyInstance;
beforeEach(() => (warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})));
afterEach(() => warnings.mockRestore());

describe('interceptors', () => {
  it('G-02 each see the record of the one before', () => {
    expect(chainOf(appending('One'), appending('Two')).onSend(RECORD).value).toBe('valueOneTwo');
  });

  it('G-03 that throw are skipped; the others go on with the last good record', () => {
    expect(chainOf(throwing, appending('Two')).onSend(RECORD).value).toBe('valueTwo');
    expect(chainOf(appending('One'), throwing, appending('Two')).onSend(RECORD).value).toBe('valueOneTwo');
    expect(chainOf(throwing, throwing).onSend(RECORD)).toBe(RECORD);
    expect(warnings).toHaveBeenCalledWith('Object.onSend() threw; the error was ignored: no');
  });

  it('that return no record are skipped too', () => {
    const returning = (value: unknown): ProducerInterceptor<string, string> => ({
      onSend: () => value as typeof RECORD,
    });
    expect(chainOf(returning(null), returning(undefined), appending('!')).onSend(RECORD).value).toBe(
      'value!',
    );
    expect(warnings).toHaveBeenCalledTimes(1);
  });

  it('G-04 all hear of the answer, and none of their errors gets out', () => {
    const heard = jest.fn();
    const hearing = { ...appending(''), onAcknowledgement: heard };
    const chain = chainOf(hearing, throwing, hearing);
    for (let answers = 1; answers <= 3; answers++) {
      chain.onAcknowledgement(METADATA, null);
      expect(heard).toHaveBeenCalledTimes(2 * answers);
    }
    expect(heard).toHaveBeenLastCalledWith(METADATA, null);
  });

  it.each([
    [
      'the partition that was chosen',
      { ...RECORD, partition: null },
      { topic: 'orders', partition: 3 },
      'orders',
      3,
    ],
    ['the partition that was asked for', { ...RECORD, partition: 2 }, {}, 'orders', 2],
    ['no partition', RECORD, { partition: -1 }, 'orders', -1],
    ['only the topic', null, { topic: 'orders' }, 'orders', -1],
    ['nothing at all', undefined, {}, '', -1],
  ])(
    'G-05 hear of a record that failed before it was in a batch, with %s',
    (_what, record, place, topic, partition) => {
      const heard = jest.fn<void, [RecordMetadata, Error | null]>();
      const error = new Error('too large');
      chainOf({ ...appending(''), onAcknowledgement: heard }).onSendError(record, place, error);
      const [metadata, given] = heard.mock.calls[0]!;
      expect(metadata).toMatchObject({ topic, partition, offset: -1n, timestamp: -1, serializedKeySize: -1 });
      expect(given).toBe(error);
    },
  );

  it('G-20 are closed all, whatever one of them does; a failing configure is not hidden', () => {
    const close = jest.fn();
    chainOf({ ...appending(''), close }, throwing, { ...appending(''), close }).close();
    expect(close).toHaveBeenCalledTimes(2);
    const configure = () => {
      throw new Error('bad config');
    };
    expect(() => chainOf({ ...appending(''), configure }).configure({})).toThrow('bad config');
  });
});

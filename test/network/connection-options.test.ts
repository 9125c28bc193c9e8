import { parseBootstrapServers } from '../../src/network/connection-options';

describe('parseBootstrapServers', () => {
  it('splits addresses, with or without blanks, IPv6 in brackets', () => {
    expect(parseBootstrapServers('a:1, b.example:65535 ,[::1]:9092,')).toEqual([
      { host: 'a', port: 1 },
      { host: 'b.example', port: 65535 },
      { host: '::1', port: 9092 },
    ]);
  });

  it.each(['', ',', 'a', 'a:', ':1', 'a:b', 'a:0', 'a:65536', 'a:1:2', '::1:9092', 'a b:1', 'a:1;b:2'])(
    'refuses %p',
    (servers) => {
      expect(() => parseBootstrapServers(servers)).toThrow(RangeError);
    },
  );
});

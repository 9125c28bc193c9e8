/** What Java's own classes answer: Kafka's tests, and `kafka-clients` 4.4.0 executed. Every producer test takes its figures from here. */

/** UtilsTest.testMurmur2: text, murmur2, toPositive. */
export const MURMUR2_OFFICIAL: readonly (readonly [string, number, number])[] = [
  ['21', -973932308, 1173551340],
  ['foobar', -790332482, 1357151166],
  ['a-little-bit-long-string', -985981536, 1161502112],
  ['a-little-bit-longer-string', -1486304829, 661178819],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971, 2088585677],
  ['abc', 479470107, 479470107],
];

/** Decimal texts and their murmur2. */
export const MURMUR2_DECIMALS: Readonly<Record<string, number>> = {
  '0': 971027396,
  '1': -1993445489,
  '128': -326012175,
  '2187': -1508407203,
  '16384': -325739742,
  '78125': -1654490814,
  '279936': 1462227128,
  '823543': -2014198330,
  '2097152': 607668903,
  '4782969': -1182699775,
  '10000000': -1830336757,
  '19487171': -1603849305,
  '35831808': -857013643,
  '62748517': -1167431028,
  '105413504': -381294639,
  '170859375': -1658323481,
  '100:48069': 1009543857,
};

const text = (value: string) => Buffer.from(value, 'utf8');

/** Edge inputs: bytes, murmur2, partition of 3. */
export const MURMUR2_EDGES: readonly (readonly [string, Buffer, number, number])[] = [
  ['no bytes', Buffer.alloc(0), 275646681, 0],
  ['a', text('a'), -1563381124, 1],
  ['ab', text('ab'), 316155434, 2],
  ['abcd', text('abcd'), -1323649548, 2],
  ['abcde', text('abcde'), 461995741, 1],
  ['key', text('key'), -1079937367, 1],
  ['key-0', text('key-0'), 29210041, 1],
  ['key-1', text('key-1'), 193331640, 0],
  ['key-2', text('key-2'), 852269702, 2],
  ['key-3', text('key-3'), -1839136101, 2],
  ['key-4', text('key-4'), 647367033, 0],
  ['key-5', text('key-5'), -1698326880, 2],
  ['user-42', text('user-42'), 1459644460, 1],
  ['héllo', text('héllo'), 614509002, 0],
  ['日本', text('日本'), -700811021, 0],
  ['🙂', text('🙂'), 925250799, 0],
  ['ff', Buffer.from('ff', 'hex'), -311467685, 0],
  ['80 80 80', Buffer.from('808080', 'hex'), -1134684817, 1],
  ['ff seven times', Buffer.alloc(7, 0xff), -71293549, 1],
  ['int32 1', Buffer.from('00000001', 'hex'), -173113808, 0],
  ['int64 1', Buffer.from('0000000000000001', 'hex'), 2100486060, 0],
  ['bytes 0 to 255', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), -1948347274, 1],
];

/** offset delta, timestamp delta, key bytes, value bytes (null: none) → record size, and with the header hk: hv. */
export const RECORD_SIZES: readonly (readonly [
  number,
  number,
  number | null,
  number | null,
  number,
  number,
])[] = [
  [0, 0, 3, 5, 15, 21],
  [0, 0, null, 5, 12, 18],
  [0, 0, 0, 0, 7, 13],
  [0, 0, null, null, 7, 13],
  [63, 0, 3, 5, 15, 21],
  [64, 0, 3, 5, 16, 22],
  [8191, 0, 3, 5, 16, 22],
  [8192, 0, 3, 5, 17, 23],
  [0, 0, 10, 100, 119, 125],
  [0, 0, 10, 16384, 16405, 16411],
  [5, 1000, 3, 5, 16, 22],
];

/** key bytes (null: none), value bytes → upper bound of a batch with this one record. */
export const UPPER_BOUNDS: readonly (readonly [number | null, number, number])[] = [
  [3, 5, 93],
  [null, 5, 90],
  [10, 100, 196],
  [10, 16384, 16481],
  [10, 1048576, 1048674],
];

/** ByteUtilsTest. */
export const VARINTS: readonly (readonly [number, string])[] = [
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [63, '7e'],
  [-64, '7f'],
  [64, '8001'],
  [-65, '8101'],
  [8191, 'fe7f'],
  [-8192, 'ff7f'],
  [8192, '808001'],
  [-8193, '818001'],
  [1048575, 'feff7f'],
  [-1048576, 'ffff7f'],
  [1048576, '80808001'],
  [-1048577, '81808001'],
  [134217727, 'feffff7f'],
  [-134217728, 'ffffff7f'],
  [134217728, '8080808001'],
  [-134217729, '8180808001'],
  [2147483647, 'feffffff0f'],
  [-2147483648, 'ffffffff0f'],
];

/** Beyond 32 bits. The last is exact as a JavaScript number only because it is a power of two. */
export const VARLONGS: readonly (readonly [number, string])[] = [
  ...VARINTS,
  [17179869183, 'feffffff7f'],
  [17179869184, '808080808001'],
  [2 ** 62, '80808080808080808001'],
];

/**
 * One batch of three records: (t, "key", "value"), (t + 5 ms, null, "v2", header h: x), (t + 7 ms, "k3", null),
 * t = 1700000000000; without a producer id, and with id 4000, epoch 3, base sequence 7.
 */
export const GOLDEN_BATCH = {
  baseTimestampMs: 1700000000000,
  plain:
    '000000000000000000000056ffffffff022a42d44d0000000000020000018bcfe568000000018bcfe56807ffffffffffffffffffffffffffff000000031c000000066b65790a76616c75650018000a0201047632020268027810000e04046b330100',
  idempotent:
    '000000000000000000000056ffffffff02ca03fe6e0000000000020000018bcfe568000000018bcfe568070000000000000fa0000300000007000000031c000000066b65790a76616c75650018000a0201047632020268027810000e04046b330100',
} as const;

import { SerializationError } from '../../src/protocol/errors';
import * as serializers from '../../src/producer/serializers';
import type { Serializer } from '../../src/producer/serializers';

const {
  BooleanSerializer,
  ByteArraySerializer,
  DoubleSerializer,
  FloatSerializer,
  IntegerSerializer,
  JsonSerializer,
  LongSerializer,
  ShortSerializer,
  StringSerializer,
  UuidSerializer,
} = serializers;
const UUID = '936DA01F-9ABD-4d9d-80C7-02AF85C822A8';
const untyped = (serializer: object) => serializer as Serializer<unknown>;

describe('serializers', () => {
  it.each(Object.entries(serializers))('L-01 %s leaves null as it is', (_name, SomeSerializer) => {
    const serializer = untyped(new SomeSerializer());
    expect(serializer.serialize('t', null)).toBeNull();
    expect(serializer.serialize('t', undefined as unknown as null)).toBeNull();
  });

  it.each([
    [new StringSerializer(), 'my string', '6d7920737472696e67'],
    [new StringSerializer(), '', ''],
    [new StringSerializer(), 'a\ud83db \ude42 🙂', '613f62203f20f09f9982'],
    [new ShortSerializer(), -32768, '8000'],
    [new IntegerSerializer(), 423412424, '193cc2c8'],
    [new IntegerSerializer(), -41243432, 'fd8aacd8'],
    [new LongSerializer(), 922337203685477580n, '0ccccccccccccccc'],
    [new LongSerializer(), -922337203685477581n, 'f333333333333333'],
    [new FloatSerializer(), 5678567.12312, '4aad4bce'],
    [new DoubleSerializer(), 5678567.12312, '4155a979c7e132b5'],
    [new BooleanSerializer(), true, '01'],
    [new BooleanSerializer(), false, '00'],
    [new ByteArraySerializer(), new Uint8Array([1, 2]), '0102'],
    [new UuidSerializer(), UUID, Buffer.from(UUID.toLowerCase()).toString('hex')],
    [new JsonSerializer(), { a: 'é' }, Buffer.from('{"a":"é"}').toString('hex')],
  ])('L-02 %p writes %p as Java does', (serializer, data, hex) => {
    expect(untyped(serializer).serialize('t', data)?.toString('hex')).toBe(hex);
  });

  it('the bytes of a Buffer are not copied, nor those of a view of a larger one', () => {
    const bytes = Buffer.from('abcd');
    expect(new ByteArraySerializer().serialize('t', bytes)).toBe(bytes);
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset + 1, 2);
    expect(new ByteArraySerializer().serialize('t', view)?.toString()).toBe('bc');
  });

  const circular: { self?: unknown } = {};
  circular.self = circular;
  it.each([
    [new StringSerializer(), 5, 'The StringSerializer takes a string or null, not number 5.'],
    [new StringSerializer(), Buffer.from('x'), /a string or null, not Buffer/],
    [new ByteArraySerializer(), 'text', /a Buffer or Uint8Array or null, not string/],
    [new ShortSerializer(), 32768, /16 bits or null, not number 32768/],
    [new IntegerSerializer(), 1.5, /32 bits/],
    [new LongSerializer(), 5, /a bigint of 64 bits or null, not number 5/],
    [new LongSerializer(), 2n ** 63n, /not bigint 9223372036854775808/],
    [new FloatSerializer(), '1', /a number/],
    [new DoubleSerializer(), 1n, /a number/],
    [new BooleanSerializer(), 0, /true or false/],
    [new UuidSerializer(), 'no uuid', /a UUID/],
    [new JsonSerializer(), () => 1, /something that JSON can express or null, not function/],
    [new JsonSerializer(), 1n, /JsonSerializer could not serialize it: .*BigInt/],
    [new JsonSerializer(), circular, /could not serialize/],
  ])('G-22 %p refuses %p with a SerializationError that says what it takes', (serializer, data, message) => {
    const serialize = () => untyped(serializer).serialize('t', data);
    expect(serialize).toThrow(SerializationError);
    expect(serialize).toThrow(message);
  });
});

import { ERROR_CODES, errorCodeName, errorForCode } from '../../src/protocol/error-codes';
import * as errors from '../../src/protocol/errors';
import kafkaErrors from '../vectors/error-codes-4.4.json';

type ErrorClass = new (message: string, options?: { cause?: unknown }) => Error;
const classes = Object.entries(errors as Record<string, unknown>) as [string, ErrorClass][];

/** OurError, then what it extends, up to but without Error. */
function lineage(error: Error): string[] {
  const names: string[] = [];
  for (let type = Object.getPrototypeOf(error) as object; type !== Error.prototype;) {
    names.push(type.constructor.name);
    type = Object.getPrototypeOf(type) as object;
  }
  return names;
}

describe('error classes', () => {
  it.each(classes)('%s takes a message and a cause, and goes by its own name', (name, SomeError) => {
    const cause = new Error('deeper');
    const error = new SomeError('what happened', { cause });
    expect([error.name, error.message, error.cause]).toEqual([name, 'what happened', cause]);
    expect(error).toBeInstanceOf(Error);
  });

  it('D-06 a used-up buffer is a timeout, and a timeout can be tried again', () => {
    const error = new errors.BufferExhaustedError('full');
    expect(error).toBeInstanceOf(errors.TimeoutError);
    expect(error.retriable).toBe(true);
  });

  it('an illegal argument is what JavaScript throws for it', () => {
    expect(new errors.IllegalArgumentError('no')).toBeInstanceOf(RangeError);
  });
});

describe('error codes', () => {
  it('are those of Kafka 4.4, by name', () => {
    const named = [...ERROR_CODES.values()].map(({ code, name }) => [code, name] as const);
    expect(named.sort(([a], [b]) => a - b)).toEqual(kafkaErrors.map(({ code, name }) => [code, name]));
  });

  it.each(kafkaErrors)(
    '$name can be tried again exactly when Java says so',
    ({ code, exception, parents }) => {
      const error = errorForCode(code, 'It');
      expect(error.retriable).toBe([exception, ...parents].includes('RetriableException'));
    },
  );

  const ownClass = kafkaErrors.filter(({ exception }) => exception.replace(/Exception$/, 'Error') in errors);
  it.each(ownClass)(
    "$name is Java's $exception and extends what that does",
    ({ code, exception, parents }) => {
      const java = [exception, ...parents].map((name) => name.replace(/Exception$/, 'Error'));
      expect(lineage(errorForCode(code, 'It'))).toEqual(java);
    },
  );

  it("a sentence says what was refused, why, and the code; the broker's own words come first", () => {
    expect(errorForCode(6, 'A batch for orders-0').message).toBe(
      'A batch for orders-0 was refused by the broker: the broker is no longer the leader of the partition (error 6, NOT_LEADER_OR_FOLLOWER).',
    );
    expect(errorForCode(87, 'A batch', 'Compacted topics need keys').message).toContain(
      'Compacted topics need keys (error 87',
    );
  });

  it('an unknown code is an unknown server error, as in Java, with its number', () => {
    expect(errorForCode(9999, 'It')).toBeInstanceOf(errors.UnknownServerError);
    expect([errorCodeName(0), errorCodeName(3), errorCodeName(9999)]).toEqual([
      'NONE',
      'UNKNOWN_TOPIC_OR_PARTITION',
      '9999',
    ]);
  });
});

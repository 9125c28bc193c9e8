import type { KafkaConnectionOptions } from '../network/connection-options';
import type { NetworkClient } from '../network/network-client';
import type { Clock } from '../support/clock';
import type { EventLoop } from '../support/event-loop';
import type { TraceListener } from '../trace/trace-event';
import { nearestName } from '../support/nearest-name';
import { ConfigError } from '../protocol/errors';
import type { ProducerInterceptor } from './interceptors';
import type { Partitioner } from './partitioner';
import type { ProducerParts } from './producer-parts';
import type { Serializer } from './serializers';

export interface KafkaProducerOptions<K, V> {
  readonly keySerializer: Serializer<K>;
  readonly valueSerializer: Serializer<V>;
  /** For records that name no partition; without one, keys are hashed and keyless records stick (KIP-794). */
  readonly partitioner?: Partitioner;
  readonly interceptors?: readonly ProducerInterceptor<K, V>[];
  readonly clock?: Clock;
  /** Turns of the event loop; the simulation has its own. */
  readonly eventLoop?: EventLoop;
  /** In [0, 1), as Math.random: for partitions and the jitter of backoffs. */
  readonly random?: () => number;
  /** Learners' own parts in place of the built-in ones: exercises 04, 05 and 10. */
  readonly parts?: ProducerParts;
  /** TLS and SASL, in place of security.protocol, sasl.* and ssl.*. */
  readonly connection?: KafkaConnectionOptions;
  /** In place of the one over kafkajs's connections; the producer closes it. */
  readonly network?: NetworkClient;
  /** Hears one event per stage, record and batch. */
  readonly trace?: TraceListener;
}

export interface CloseOptions {
  /** How long to go on sending what is left; without it, until all is sent or has expired. */
  readonly timeoutMs?: number;
}

/** The methods of an object, or what else it has to be. */
type Shape = 'function' | 'anything' | readonly string[];

const OPTIONS: Readonly<Record<keyof KafkaProducerOptions<unknown, unknown>, Shape>> = {
  keySerializer: ['serialize'],
  valueSerializer: ['serialize'],
  partitioner: ['partition'],
  interceptors: 'anything',
  clock: ['now', 'after'],
  eventLoop: ['nextTurn', 'elapsedMs'],
  random: 'function',
  parts: 'anything',
  connection: 'anything',
  network: [
    'fetchMetadata',
    'initProducerId',
    'produce',
    'ready',
    'onReadyChange',
    'authenticationError',
    'close',
  ],
  trace: 'function',
};

const PARTS: Readonly<Record<keyof ProducerParts, Shape>> = {
  isSendable: 'function',
  bufferPool: ['allocate', 'deallocate'],
  sequenceTracker: 'function',
};

/** Throws a ConfigError for what would otherwise only show at the first record, in the middle of the producer. */
export function validateOptions(options: Readonly<Record<string, unknown>> | undefined): void {
  for (const name of ['keySerializer', 'valueSerializer']) {
    if (typeof (options?.[name] as Serializer<unknown> | undefined)?.serialize === 'function') continue;
    throw new ConfigError(
      `The producer needs a ${name}, an object with serialize(topic, data): for example new StringSerializer().`,
    );
  }
  const { parts, interceptors } = options as { parts?: object | null; interceptors?: unknown[] | null };
  checkShapes('option', options!, OPTIONS);
  checkShapes('part', parts ?? {}, PARTS);
  if (!Array.isArray(interceptors ?? []))
    throw new ConfigError('The interceptors of a producer must be an array.');
  for (const interceptor of interceptors ?? []) checkShape('Each interceptor', interceptor, ['onSend']);
}

function checkShapes(kind: string, given: object, known: Readonly<Record<string, Shape>>): void {
  for (const [name, value] of Object.entries(given)) {
    const shape = known[name];
    if (shape === undefined) throw unknownName(kind, name, Object.keys(known));
    if (value !== undefined && value !== null) checkShape(`The ${kind} ${name}`, value, shape);
  }
}

function unknownName(kind: string, name: string, known: readonly string[]): ConfigError {
  const meant = nearestName(name, known);
  const hint = meant === null ? `there are ${known.join(', ')}.` : `did you mean ${meant}?`;
  return new ConfigError(`A producer has no ${kind} ${name}: ${hint}`);
}

function checkShape(what: string, value: unknown, shape: Shape): void {
  if (shape === 'anything') return;
  if (shape === 'function') {
    if (typeof value !== 'function')
      throw new ConfigError(`${what} must be a function, not ${typeof value}.`);
    return;
  }
  const methods = value as Readonly<Record<string, unknown>> | null;
  const missing = shape.find((method) => typeof methods?.[method] !== 'function');
  if (missing !== undefined) throw new ConfigError(`${what} must be an object with a method ${missing}().`);
}

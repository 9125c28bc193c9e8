import type { KafkaConnectionOptions } from '../network/connection-options';
import type { NetworkClient } from '../network/network-client';
import type { Clock } from '../support/clock';
import type { TraceListener } from '../trace/trace-event';
import type { ProducerInterceptor } from './interceptors';
import type { Partitioner } from './partitioner';
import type { ProducerParts } from './parts';
import type { Serializer } from './serializers';

export interface KafkaProducerOptions<K, V> {
  readonly keySerializer: Serializer<K>;
  readonly valueSerializer: Serializer<V>;
  /** For records that name no partition; without one, keys are hashed and keyless records stick (KIP-794). */
  readonly partitioner?: Partitioner;
  readonly interceptors?: readonly ProducerInterceptor<K, V>[];
  readonly clock?: Clock;
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

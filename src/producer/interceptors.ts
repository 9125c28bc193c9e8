import type { ResolvedConfigValues } from './producer-config-values';
import type { ProducerRecord } from './producer-record';
import { RecordMetadata } from './record-metadata';

/** Sees, and may change, each record before it is sent, and hears what became of it. Java's ProducerInterceptor. */
export interface ProducerInterceptor<K = unknown, V = unknown> {
  onSend(record: ProducerRecord<K, V>): ProducerRecord<K, V>;
  onAcknowledgement?(metadata: RecordMetadata, error: Error | null): void;
  configure?(config: ResolvedConfigValues): void;
  close?(): void;
}

/** All interceptors of a producer, in order. One that throws is skipped: it never stops a record (G-03, G-04). */
export class ProducerInterceptors<K, V> {
  constructor(private readonly interceptors: readonly ProducerInterceptor<K, V>[]) {}

  configure(config: ResolvedConfigValues): void {
    for (const interceptor of this.interceptors) interceptor.configure?.(config);
  }

  onSend(record: ProducerRecord<K, V>): ProducerRecord<K, V> {
    let current = record;
    for (const interceptor of this.interceptors) {
      try {
        current = interceptor.onSend(current);
      } catch (error) {
        process.emitWarning(`An interceptor's onSend threw and was skipped: ${String(error)}`);
      }
    }
    return current;
  }

  onAcknowledgement(metadata: RecordMetadata, error: Error | null): void {
    for (const interceptor of this.interceptors) {
      try {
        interceptor.onAcknowledgement?.(metadata, error);
      } catch (thrown) {
        process.emitWarning(`An interceptor's onAcknowledgement threw and was skipped: ${String(thrown)}`);
      }
    }
  }

  onSendError(record: ProducerRecord<K, V>, place: { topic: string; partition: number }, error: Error): void {
    this.onAcknowledgement(
      new RecordMetadata({ topic: record?.topic ?? place.topic, partition: place.partition }),
      error,
    );
  }

  close(): void {
    for (const interceptor of this.interceptors) {
      try {
        interceptor.close?.();
      } catch (error) {
        process.emitWarning(`An interceptor could not be closed: ${String(error)}`);
      }
    }
  }
}

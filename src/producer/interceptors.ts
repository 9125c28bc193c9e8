import type { ResolvedConfigValues } from './producer-config-values';
import type { ProducerRecord } from './producer-record';
import { RecordMetadata } from './record-metadata';
import { callGuarded } from './user-code';

/** Sees, and may change, each record before it is sent, and hears what became of it: Java's ProducerInterceptor. */
export interface ProducerInterceptor<K = unknown, V = unknown> {
  /** Before serializers and partitioner. Returns the record to go on with: the same, or a new one. */
  onSend(record: ProducerRecord<K, V>): ProducerRecord<K, V>;
  /** Once for each record, before the callback of `send()`. Not the place for anything slow: it runs between requests. */
  onAcknowledgement?(metadata: RecordMetadata, error: Error | null): void;
  /** Once, before the first record. */
  configure?(config: ResolvedConfigValues): void;
  close?(): void;
}

/** What is known of a failed record: its topic, and its partition once that was chosen. */
export interface FailedRecordPlace {
  readonly topic?: string;
  readonly partition?: number | null;
}

/**
 * The interceptors of a producer, in order. They watch: one that throws never stops a record and never reaches the caller. It
 * is skipped with a process warning, and the others go on with the record as it was before (G-03, G-04).
 */
export class ProducerInterceptors<K, V> {
  readonly #interceptors: readonly ProducerInterceptor<K, V>[];

  constructor(interceptors: readonly ProducerInterceptor<K, V>[]) {
    this.#interceptors = interceptors;
  }

  /** A failing `configure` is thrown: it ends the constructor of the producer (G-20). */
  configure(config: ResolvedConfigValues): void {
    for (const interceptor of this.#interceptors) interceptor.configure?.(config);
  }

  onSend(record: ProducerRecord<K, V>): ProducerRecord<K, V> {
    let current = record;
    for (const interceptor of this.#interceptors) {
      const next = guarded(interceptor, 'onSend', () => interceptor.onSend(current));
      // Java takes a null record as it comes and fails later without a name; here the interceptor is what is reported.
      if (next !== undefined && next !== null) current = next;
      else if (next === null)
        process.emitWarning(
          `${nameOf(interceptor)}.onSend() was skipped: it returned null instead of a record.`,
        );
    }
    return current;
  }

  onAcknowledgement(metadata: RecordMetadata, error: Error | null): void {
    for (const interceptor of this.#interceptors) {
      guarded(interceptor, 'onAcknowledgement', () => interceptor.onAcknowledgement?.(metadata, error));
    }
  }

  /** For a record that never got into a batch: partition -1 unless one was chosen or asked for, everything else unknown (G-05). */
  onSendError(record: FailedRecordPlace | null | undefined, place: FailedRecordPlace, error: Error): void {
    const metadata = new RecordMetadata({
      topic: place.topic ?? record?.topic ?? '',
      partition: place.partition ?? record?.partition ?? -1,
    });
    this.onAcknowledgement(metadata, error);
  }

  close(): void {
    for (const interceptor of this.#interceptors) guarded(interceptor, 'close', () => interceptor.close?.());
  }
}

function guarded<T>(interceptor: object, method: string, call: () => T): T | undefined {
  return callGuarded(`${nameOf(interceptor)}.${method}()`, call);
}

function nameOf(interceptor: object): string {
  return interceptor.constructor?.name ?? 'An interceptor';
}

import { ERROR_CODE } from '../../protocol/error-code';
import { decodeRecordBatches } from '../../protocol/record-batch-decoder';
import type { RecordMetadata } from '../../producer/record-metadata';
import type { ObservedBatch, ObservedRequest, ProducerRecord, RunRecord, SentRecord } from '../run-record';
import type { LoggedRecord, LostBatch } from '../simulated-cluster';
import { nameOf } from '../workload-records';

/** Of a broker that knows the batch already, these would be false: the producer gives it another number, and it is written again. */
const MADE_UP_SEQUENCE_ERRORS: ReadonlySet<number> = new Set([
  ERROR_CODE.OUT_OF_ORDER_SEQUENCE_NUMBER,
  ERROR_CODE.DUPLICATE_SEQUENCE_NUMBER,
  ERROR_CODE.INVALID_PRODUCER_EPOCH,
  ERROR_CODE.UNKNOWN_PRODUCER_ID,
]);

/** Where a record is in a log at the end of the run. */
export interface LogPlace {
  readonly topic: string;
  readonly partition: number;
  readonly record: LoggedRecord;
}

/** A request that carried a record. */
export interface Transmission {
  readonly request: ObservedRequest;
  readonly batch: ObservedBatch;
  /** Names of all records of the batch, in order. */
  readonly names: readonly string[];
  /** Of the batch: 0 acknowledged, LEFT_OUT of the response, null no response. */
  readonly errorCode: number | null;
}

/** A run with what the invariants ask of it, worked out once. */
export class RunFacts {
  readonly run: RunRecord;
  readonly #byName = new Map<string, SentRecord>();
  #places: Map<string, LogPlace[]> | null = null;
  #lost: Map<string, LostBatch> | null = null;
  readonly #transmissions = new Map<number, Map<string, Transmission[]>>();
  readonly #batchesSent = new Map<number, Transmission[]>();

  constructor(run: RunRecord) {
    this.run = run;
    for (const { records } of run.producers)
      for (const record of records) this.#byName.set(record.name, record);
  }

  record(name: string): SentRecord | undefined {
    return this.#byName.get(name);
  }

  /** Producers all of whose parts keep to their interfaces: the others only promise to fail decently. */
  get trusted(): readonly ProducerRecord[] {
    return this.run.producers.filter(({ plan, failure }) => failure === null && !hasWrongPart(plan.parts));
  }

  /** The places of a record in the logs at the end, in no order. */
  places(name: string): readonly LogPlace[] {
    return this.#allPlaces().get(name) ?? [];
  }

  /** Every record that is in a log and that somebody sent, by name. */
  get logged(): Iterable<readonly [string, readonly LogPlace[]]> {
    return this.#allPlaces();
  }

  /** False as well where the topic has been recreated since. */
  isWhereTold(name: string, { topic, partition, offset }: RecordMetadata): boolean {
    return this.places(name).some(
      (place) => place.topic === topic && place.partition === partition && place.record.offset === offset,
    );
  }

  at(topic: string, partition: number, offset: bigint): LoggedRecord | undefined {
    const found = this.run.logs.find((one) => one.topic === topic && one.partition === partition);
    return found?.log.records.find((record) => record.offset === offset);
  }

  /** The batch with this record that was in a leader's log and is in none any more. */
  lost(name: string): LostBatch | undefined {
    this.#lost ??= new Map(
      this.run.lost.flatMap((lost) =>
        lost.batch.records.flatMap((record) => {
          const found = nameOf(record);
          return found === null ? [] : [[found, lost] as const];
        }),
      ),
    );
    return this.#lost.get(name);
  }

  /** Every batch of every request of a producer, in the order of sending. */
  batchesSent(producer: ProducerRecord): readonly Transmission[] {
    let sent = this.#batchesSent.get(producer.index);
    if (sent === undefined)
      this.#batchesSent.set(producer.index, (sent = producer.requests.flatMap(transmissionsOf)));
    return sent;
  }

  /** The requests that carried a record, in the order of sending. */
  transmissions({ producer, name }: SentRecord): readonly Transmission[] {
    let ofProducer = this.#transmissions.get(producer);
    if (ofProducer === undefined) {
      ofProducer = new Map();
      for (const sent of this.batchesSent(this.run.producers[producer]!)) {
        for (const one of sent.names) {
          const list = ofProducer.get(one);
          if (list === undefined) ofProducer.set(one, [sent]);
          else list.push(sent);
        }
      }
      this.#transmissions.set(producer, ofProducer);
    }
    return ofProducer.get(name) ?? [];
  }

  /**
   * The leaders know less of the producer's batches than it was told, because they forgot them, on their own or with a topic that
   * was deleted, or because a fault made the responses up: its numbers protect nothing then.
   */
  get numbersProtectNothing(): boolean {
    return (
      this.run.disturbances.some(({ name }) => name === 'forget-producer-ids' || name === 'recreate-topic') ||
      this.run.schedule.faults.some(
        ({ fault }) => fault.kind === 'error' && MADE_UP_SEQUENCE_ERRORS.has(fault.errorCode),
      ) ||
      this.successIsMadeUp
    );
  }

  /** A fault tells of a success without an offset: a response that is malformed so, or DUPLICATE_SEQUENCE_NUMBER. */
  get successIsMadeUp(): boolean {
    return this.run.schedule.faults.some(
      ({ request, fault }) =>
        request === 'produce' &&
        ((fault.kind === 'malformed' && fault.how === 'empty') ||
          (fault.kind === 'error' && fault.errorCode === ERROR_CODE.DUPLICATE_SEQUENCE_NUMBER)),
    );
  }

  #allPlaces(): Map<string, LogPlace[]> {
    if (this.#places !== null) return this.#places;
    this.#places = new Map();
    for (const { topic, partition, log } of this.run.logs) {
      for (const record of log.records) {
        const name = nameOf(record) ?? '';
        const place = { topic, partition, record };
        const places = this.#places.get(name);
        if (places === undefined) this.#places.set(name, [place]);
        else places.push(place);
      }
    }
    return this.#places;
  }
}

function transmissionsOf(request: ObservedRequest): Transmission[] {
  return request.batches.map((batch, index) => {
    return {
      request,
      batch,
      names: namesIn(batch),
      errorCode: request.errorCodes === null ? null : request.errorCodes[index]!,
    };
  });
}

function namesIn({ bytes }: ObservedBatch): string[] {
  return decodeRecordBatches(bytes).flatMap((batch) =>
    batch.records().map((record) => nameOf(record) ?? '?'),
  );
}

function hasWrongPart(parts: ProducerRecord['plan']['parts']): boolean {
  if (parts === undefined) return false;
  const { bufferPool, isSendable, sequenceTracker } = parts;
  return (
    (bufferPool !== undefined && bufferPool !== 'fair') ||
    isSendable !== undefined ||
    (sequenceTracker !== undefined && sequenceTracker !== 'right')
  );
}

/** What a record's future told, or its callback where nobody looked at the future. */
export function toldOf(record: SentRecord): { metadata: RecordMetadata } | { error: unknown } | null {
  const { get, send, callbacks, unseen } = record;
  if (get?.value !== undefined) return { metadata: get.value };
  if (get !== null) return { error: get.error };
  if (send !== null && send.value === undefined) return { error: send.error };
  const [call] = callbacks;
  if (!unseen || call === undefined) return null;
  return call.error === null ? { metadata: call.metadata } : { error: call.error };
}

/**
 * The producer numbers its batches, or never sends two of a partition at once, or never sends one twice: order is kept. The
 * pieces of a batch that was too large are sent again, which is no retry.
 */
export function keepsOrder({ settings, requests }: ProducerRecord): boolean {
  if (settings.enableIdempotence || settings.maxInFlightRequests === 1) return true;
  return (
    settings.retries === 0 &&
    requests.every(({ errorCodes }) => errorCodes?.includes(ERROR_CODE.MESSAGE_TOO_LARGE) !== true)
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

import { errorCodeName } from '../protocol/error-codes';
import type {
  CurrentLeader,
  PartitionProduceResponse,
  ProduceBatch,
  ProduceRequest,
  RecordError,
} from '../protocol/messages';
import { BATCH_HEADER_SIZE, BatchOffset } from '../protocol/record-batch-format';
import type { Clock } from '../support/clock';
import type { ClusterTraceEvent, ProducerStampFields } from '../trace/trace-event';
import { BatchRefusal, Code } from './batch-refusal';
import { isTransactional, onlyBatch } from './sent-batch';
import type { KnownPartition, SimulatedBroker } from './simulated-broker';
import { REFUSED } from './simulated-partition-log';
import type { AppendResult } from './simulated-partition-log';
import type { SimulatedFault } from './simulated-request';

export interface ProduceSurroundings {
  readonly clock: Clock;
  readonly trace: (event: ClusterTraceEvent) => void;
  readonly mayWrite: (topic: string) => boolean;
}

/** `close-connection`: what a broker does in place of a response where acks=0 expects none and something is wrong. */
export type ProduceOutcome = readonly PartitionProduceResponse[] | 'nothing' | 'close-connection';

type ErrorFault = Extract<SimulatedFault, { kind: 'error' }>;

/** A batch, what became of it so far, and up to which offset its response waits for the followers; null: not at all. */
interface Appended {
  readonly batch: ProduceBatch;
  response: PartitionProduceResponse;
  readonly waitsForOffset: number | null;
}

/** Errors that a broker gives for what it has written. */
const AFTER_APPEND: ReadonlySet<number> = new Set([
  Code.REQUEST_TIMED_OUT,
  Code.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
]);
const NO_STAMP: ProducerStampFields = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };

/** `KafkaApis.handleProduceRequest` and `ReplicaManager.appendRecords` of one broker, for requests without a transactional id. */
export class ProduceHandler {
  constructor(
    private readonly broker: SimulatedBroker,
    private readonly around: ProduceSurroundings,
  ) {}

  /**
   * Calls `respond` once: at once, or with acks=all when the followers have what was written. The bytes of the batches are the
   * broker's from here on. `fault` refuses some of the batches, or all.
   */
  handle(
    request: ProduceRequest,
    fault: ErrorFault | null,
    respond: (outcome: ProduceOutcome) => void,
  ): void {
    const appended = this.#refuseWhole(request) ?? this.#appendAll(request, fault);
    const responses = (): PartitionProduceResponse[] => appended.map(({ response }) => response);
    if (request.acks === -1)
      return this.#whenReplicated(appended, request.timeoutMs, () => respond(responses()));
    if (request.acks !== 0) return respond(responses());
    const failed = appended.some(({ response }) => response.errorCode !== Code.NONE);
    respond(failed ? 'close-connection' : 'nothing');
  }

  /** What fails the whole request, whatever the other partitions are like; null when nothing does. */
  #refuseWhole({ batches }: ProduceRequest): Appended[] | null {
    const refusal =
      refusalOfWhole(batches) ?? (batches.some((batch) => this.#isCutOff(batch)) ? UNFORESEEN : null);
    if (refusal === null) return null;
    return batches.map((batch) => {
      this.#traceRefusal(batch, errorCodeName(refusal.errorCode));
      return { batch, response: responseOf(batch, refusal), waitsForOffset: null };
    });
  }

  /** Kafka looks for transactions in what it is about to append, and reads the producer id without looking at the length. */
  #isCutOff(batch: ProduceBatch): boolean {
    return (
      typeof this.#lookUp(batch) !== 'number' && onlyBatch(batch.bytes).length < BatchOffset.producerEpoch
    );
  }

  #appendAll({ acks, batches }: ProduceRequest, fault: ErrorFault | null): Appended[] {
    return batches.map((batch) => {
      const applies = fault !== null && (fault.partitions?.includes(batch.partition) ?? true);
      if (!applies) {
        const result = this.#append(batch, acks);
        const waitsForOffset = result.errorCode === Code.NONE ? result.lastOffset : null;
        return { batch, response: responseOf(batch, result), waitsForOffset };
      }
      const { errorCode, errorMessage = null, recordErrors = [] } = fault;
      const written = fault.written ?? AFTER_APPEND.has(errorCode);
      const result = written ? this.#append(batch, acks) : refused(errorCode);
      if (!written) this.#traceRefusal(batch, errorCodeName(errorCode));
      const response = responseOf(batch, { ...result, errorCode, errorMessage, recordErrors });
      return { batch, response, waitsForOffset: null };
    });
  }

  #append(batch: ProduceBatch, acks: ProduceRequest['acks']): Judged {
    const result = this.#judge(batch, acks);
    if (result.batch !== null) this.#traceAppend(batch, result);
    else this.#traceRefusal(batch, result.duplicate ? 'DUPLICATE' : errorCodeName(result.errorCode));
    return result;
  }

  #judge(batch: ProduceBatch, acks: ProduceRequest['acks']): Judged {
    const known = this.#lookUp(batch);
    if (typeof known === 'number') return refused(known);
    if (![-1, 0, 1].includes(acks)) return refused(Code.INVALID_REQUIRED_ACKS);
    const result = known.partition.append(this.broker.id, batch.bytes, acks);
    if (result.errorCode !== Code.NOT_LEADER_OR_FOLLOWER) return result;
    return { ...result, currentLeader: known.currentLeader };
  }

  /** What `KafkaApis` looks at before the log sees anything: an error code, or the partition. */
  #lookUp({ topic, partition, bytes }: ProduceBatch): KnownPartition | number {
    if (!this.around.mayWrite(topic)) return Code.TOPIC_AUTHORIZATION_FAILED;
    const known = this.broker.partition(topic, partition);
    if (known === null) return Code.UNKNOWN_TOPIC_OR_PARTITION;
    try {
      onlyBatch(bytes);
      return known;
    } catch (error) {
      return codeOf(error);
    }
  }

  /** Kafka's DelayedProduce: until each partition is replicated or has failed, or the request's own time is over. */
  #whenReplicated(appended: readonly Appended[], timeoutMs: number, respond: () => void): void {
    const waiting = new Map<Appended, () => void>();
    let cancelTimeout = (): void => {};
    const settle = (one: Appended, errorCode: number): void => {
      const moved = errorCode === Code.NOT_LEADER_OR_FOLLOWER;
      const known = moved ? this.broker.partition(one.batch.topic, one.batch.partition) : null;
      const currentLeader = known === null ? {} : { currentLeader: known.currentLeader };
      one.response = { ...one.response, errorCode, ...currentLeader };
      waiting.delete(one);
      if (waiting.size === 0 && started) finish();
    };
    const finish = (): void => {
      cancelTimeout();
      respond();
    };
    let started = false;
    for (const one of appended) if (one.waitsForOffset !== null) waiting.set(one, () => {});
    for (const one of [...waiting.keys()]) {
      const { topic, partition } = one.batch;
      const known = this.broker.partition(topic, partition)!.partition;
      const cancel = known.awaitReplication(this.broker.id, one.waitsForOffset!, (code) => settle(one, code));
      if (waiting.has(one)) waiting.set(one, cancel);
    }
    started = true;
    if (waiting.size === 0) return finish();
    cancelTimeout = this.around.clock.after(timeoutMs, () => {
      for (const [one, cancel] of [...waiting]) {
        cancel();
        settle(one, Code.REQUEST_TIMED_OUT);
      }
    });
  }

  #traceAppend({ topic, partition }: ProduceBatch, { baseOffset, batch }: Judged): void {
    const { producerId, producerEpoch, baseSequence, recordCount: records } = batch!;
    this.around.trace({
      stage: 'log-appended',
      atMs: this.around.clock.now(),
      node: this.broker.id,
      topic,
      partition,
      producerId,
      producerEpoch,
      baseSequence,
      baseOffset: BigInt(baseOffset),
      records,
    });
  }

  #traceRefusal({ topic, partition, bytes }: ProduceBatch, error: string): void {
    const atMs = this.around.clock.now();
    const node = this.broker.id;
    this.around.trace({ stage: 'log-refused', atMs, node, topic, partition, ...stampOf(bytes), error });
  }
}

type Judged = AppendResult & { readonly currentLeader?: CurrentLeader };

function refused(errorCode: number): Judged {
  return { ...REFUSED, errorCode, why: null, errorMessage: null, recordErrors: [] };
}

const UNFORESEEN = refused(Code.UNKNOWN_SERVER_ERROR);

/** The parser's own words are in the response, where it is a broker's exception and no other. */
function refusalOfWhole(batches: readonly ProduceBatch[]): Judged | null {
  try {
    const transactional = batches.some(({ bytes }) => isTransactional(bytes));
    return transactional ? refused(Code.TRANSACTIONAL_ID_AUTHORIZATION_FAILED) : null;
  } catch (error) {
    const errorCode = codeOf(error);
    const errorMessage = errorCode === Code.UNKNOWN_SERVER_ERROR ? null : (error as Error).message;
    return { ...refused(errorCode), errorMessage };
  }
}

function codeOf(error: unknown): number {
  if (error instanceof BatchRefusal) return error.errorCode;
  throw error;
}

function responseOf(
  { topic, partition }: ProduceBatch,
  result: Judged & { readonly recordErrors: readonly RecordError[] },
): PartitionProduceResponse {
  const { errorCode, errorMessage, baseOffset, logAppendTimeMs, recordErrors, currentLeader } = result;
  return {
    topic,
    partition,
    errorCode,
    errorMessage,
    baseOffset: BigInt(baseOffset),
    logAppendTimeMs,
    recordErrors,
    ...(currentLeader === undefined ? {} : { currentLeader }),
  };
}

/** Of bytes that may be anything. */
function stampOf(bytes: Buffer): ProducerStampFields {
  if (bytes.length < BATCH_HEADER_SIZE) return NO_STAMP;
  return {
    producerId: bytes.readBigInt64BE(BatchOffset.producerId),
    producerEpoch: bytes.readInt16BE(BatchOffset.producerEpoch),
    baseSequence: bytes.readInt32BE(BatchOffset.baseSequence),
  };
}

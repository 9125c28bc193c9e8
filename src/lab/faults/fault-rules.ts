import { BatchOffset, COMPRESSION_MASK, LOG_OVERHEAD } from '../../protocol/record-batch-format';
import { SeededRandom } from '../../support/seeded-random';
import { API_KEYS } from '../../protocol/request-header';
import type { RequestKind } from '../../protocol/request-header';

/** A record batch of a Produce request, as its header says. */
export interface SeenBatch {
  readonly topic: string;
  readonly partition: number;
  readonly sizeInBytes: number;
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly codec: number;
  /** -1n, and -1 for the next two, when the producer is not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly records: number;
}

/** What became of a request, as the proxy knows it. `refused`: the proxy answered, the broker never saw it. */
export type RequestFate =
  'waiting' | 'answered' | 'no-answer-due' | 'refused' | 'not-delivered' | 'answer-lost';

/** A request that came by. */
export interface SeenRequest {
  /** From 1, over all connections, in the order of arrival. */
  readonly number: number;
  readonly atMs: number;
  readonly connection: number;
  /** The broker's id, or null until a Metadata response has named the broker behind this address. */
  readonly node: number | null;
  /** The protocol's number for a kind that has no name here. */
  readonly kind: RequestKind | number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly sizeInBytes: number;
  /** Produce only. */
  readonly acks: number | null;
  /** Produce only; empty for others. */
  readonly batches: readonly SeenBatch[];
  readonly fate: RequestFate;
}

export type Fault =
  /** The broker has written and answered; the answer never arrives, and the connection stays. */
  | { readonly kind: 'drop-response' }
  /** The connection breaks before the broker has seen the request. */
  | { readonly kind: 'kill-before-write' }
  /** The connection breaks after the broker has written and before the client has the answer. */
  | { readonly kind: 'kill-after-write' }
  /** The request reaches the broker that much later, and what follows on its connection waits behind it. */
  | { readonly kind: 'delay-request'; readonly ms: number }
  | { readonly kind: 'delay-response'; readonly ms: number }
  /** The request goes to the broker at this speed. */
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** The proxy answers with this error in the broker's place; nothing is written. With a partition in the rule: for that one only. */
  | { readonly kind: 'refuse'; readonly errorCode: number }
  /** The broker has written, but the answer says this error. With a partition in the rule: for that one only. */
  | { readonly kind: 'replace-answer'; readonly errorCode: number };

export interface FaultRule {
  readonly fault: Fault;
  /** Default Produce. */
  readonly request?: RequestKind;
  readonly topic?: string;
  readonly partition?: number;
  /** Broker id. */
  readonly node?: number;
  /** Only the nth request that matches the rest of the rule, counted from 1. */
  readonly nth?: number;
  /** From the nth on (from the first, without `nth`), so many faults; default 1 with `nth`, else no end. */
  readonly times?: number;
  /** Each matching request suffers with this probability, 0 to 1, drawn from the proxy's seed. */
  readonly probability?: number;
}

/** A fault that was done. */
export interface DoneFault {
  readonly atMs: number;
  readonly fault: Fault;
  readonly request: SeenRequest;
}

/** Decides, request by request, which fault is due. The first rule that applies wins. */
export class FaultScript {
  readonly #rules = new Map<FaultRule, { matched: number; done: number }>();
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  add(rule: FaultRule): void {
    checkRule(rule);
    this.#rules.set(rule, { matched: 0, done: 0 });
  }

  remove(rule: FaultRule): void {
    this.#rules.delete(rule);
  }

  clear(): void {
    this.#rules.clear();
  }

  next(request: SeenRequest): FaultRule | null {
    let due: FaultRule | null = null;
    for (const [rule, count] of this.#rules) {
      if (!matches(rule, request)) continue;
      // Every rule counts every request that it matches, whichever rule wins.
      count.matched++;
      const { nth = 1, times = rule.nth === undefined ? Infinity : 1, probability = 1 } = rule;
      const lucky = probability < 1 && !this.#random.chance(probability);
      if (due !== null || count.matched < nth || count.done >= times || lucky) continue;
      count.done++;
      due = rule;
    }
    return due;
  }
}

function matches(rule: FaultRule, request: SeenRequest): boolean {
  if (request.kind !== (rule.request ?? 'Produce')) return false;
  if (rule.node !== undefined && rule.node !== request.node) return false;
  // Nobody waits for an answer to acks=0, so there is none to lose or to change.
  if (request.acks === 0 && CONCERNS_ANSWER.has(rule.fault.kind)) return false;
  if (rule.topic === undefined && rule.partition === undefined) return true;
  return request.batches.some((batch) => concerns(rule, batch));
}

const CONCERNS_ANSWER: ReadonlySet<Fault['kind']> = new Set([
  'drop-response',
  'kill-after-write',
  'delay-response',
  'replace-answer',
] as const);

/** Whether the rule is aimed at this partition; a rule without topic and partition is aimed at all. */
export function concerns(
  { topic, partition }: FaultRule,
  batch: { readonly topic: string; readonly partition: number },
): boolean {
  return (
    (topic === undefined || topic === batch.topic) &&
    (partition === undefined || partition === batch.partition)
  );
}

function checkRule(rule: FaultRule): void {
  const { fault, request = 'Produce', probability, nth, times } = rule;
  if (API_KEYS[request] === undefined) {
    throw new RangeError(
      `A fault cannot be aimed at ${String(request)}: the kinds are ${Object.keys(API_KEYS).join(', ')}.`,
    );
  }
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    throw new RangeError(`The probability of a fault is from 0 to 1, not ${probability}.`);
  }
  for (const [name, value] of Object.entries({ nth, times })) {
    if (value !== undefined && !(value === Infinity || (Number.isInteger(value) && value >= 1))) {
      throw new RangeError(`${name} of a fault is a whole number from 1 on, not ${value}.`);
    }
  }
  if (request !== 'Produce' && (rule.topic !== undefined || rule.partition !== undefined)) {
    throw new RangeError(
      `A fault for one topic or partition can only be aimed at Produce, not at ${request}.`,
    );
  }
  if (fault.kind === 'refuse' && request !== 'Produce' && request !== 'InitProducerId') {
    throw new RangeError(
      `The proxy can refuse Produce and InitProducerId in the broker's place, not ${request}.`,
    );
  }
  if (fault.kind === 'replace-answer' && request !== 'Produce') {
    throw new RangeError(`The proxy can replace answers to Produce, not to ${request}.`);
  }
  if ((fault.kind === 'delay-request' || fault.kind === 'delay-response') && !(fault.ms >= 0)) {
    throw new RangeError(`A delay is 0 ms or more, not ${fault.ms}.`);
  }
  if (fault.kind === 'throttle' && !(fault.bytesPerSecond > 0)) {
    throw new RangeError(
      `A throttle lets more than 0 bytes per second through, not ${fault.bytesPerSecond}.`,
    );
  }
}

/** The headers of the batches that a Produce request has for one partition. */
export function seenBatches(topic: string, partition: number, records: Buffer): SeenBatch[] {
  const batches: SeenBatch[] = [];
  for (let at = 0; at < records.length;) {
    const sizeInBytes = LOG_OVERHEAD + records.readInt32BE(at + BatchOffset.length);
    batches.push({
      topic,
      partition,
      sizeInBytes,
      codec: records.readInt16BE(at + BatchOffset.attributes) & COMPRESSION_MASK,
      producerId: records.readBigInt64BE(at + BatchOffset.producerId),
      producerEpoch: records.readInt16BE(at + BatchOffset.producerEpoch),
      baseSequence: records.readInt32BE(at + BatchOffset.baseSequence),
      records: records.readInt32BE(at + BatchOffset.recordCount),
    });
    at += sizeInBytes;
  }
  return batches;
}

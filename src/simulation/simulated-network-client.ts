import type { AuthenticationError } from '../protocol/errors';
import type { Clock } from '../support/clock';
import { NetworkFailure } from '../network/network-client';
import type {
  ClusterMetadata,
  PartitionProduceResponse,
  ProduceBatch,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../protocol/messages';
import type { NetworkClient } from '../network/network-client';
import { SimulatedPartitionLog } from './simulated-partition-log';

/** What is to go wrong with one Produce request. */
export type ProduceFault =
  /** The broker refuses every batch with this code, and writes nothing. */
  | { readonly kind: 'error'; readonly errorCode: number; readonly errorMessage?: string }
  /** The connection breaks before the broker has the request. */
  | { readonly kind: 'request-lost' }
  /** The broker writes the batches, and the connection breaks before the answer: the case that idempotence is for. */
  | { readonly kind: 'answer-lost' };

export interface SimulatedRequest {
  readonly node: number;
  readonly request: ProduceRequest;
  /** From 1, in the order of the calls. */
  readonly number: number;
}

export interface SimulatedNetworkOptions {
  readonly clock: Clock;
  /** Partitions of each topic. They are led in turn by the nodes 1, 2, … */
  readonly topics: Readonly<Record<string, number>>;
  /** How many nodes. Default 1. */
  readonly nodes?: number;
  /** From the request to its answer, for each node. Default 0: with the next timers of the clock. */
  readonly latencyMs?: (node: number) => number;
  /** Looked at when a request reaches its broker; null lets it pass. */
  readonly fault?: (request: SimulatedRequest) => ProduceFault | null;
  /** Larger batches are refused. Default 1048588, as the broker's message.max.bytes. */
  readonly maxMessageBytes?: number;
}

interface SimulatedPartition {
  leader: number;
  leaderEpoch: number;
  readonly log: SimulatedPartitionLog;
}

interface Pending {
  readonly node: number;
  readonly settle: (outcome: ProduceResponse | NetworkFailure) => void;
  /** Ends the request's way to the broker: it is never processed. */
  readonly drop: () => void;
}

const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
const FIRST_PRODUCER_ID = 4000;
const NOT_LEADER_OR_FOLLOWER = 6;
const UNKNOWN_TOPIC_OR_PARTITION = 3;

/**
 * A cluster in memory, driven by a clock: leaders, logs, what a leader remembers of idempotent producers, and faults from
 * a script. Answers of one node come in the order of its requests, as over one connection. For tests that step a
 * ManualClock, and for watching the producer without a broker.
 */
export class SimulatedNetworkClient implements NetworkClient {
  readonly #options: SimulatedNetworkOptions;
  readonly #topics = new Map<string, SimulatedPartition[]>();
  readonly #stoppedNodes = new Set<number>();
  readonly #pending = new Set<Pending>();
  readonly #lastAnswerMs = new Map<number, number>();
  #onReadyChange: () => void = () => {};
  #requests = 0;
  #producerIds = 0;
  #closed = false;

  constructor(options: SimulatedNetworkOptions) {
    this.#options = options;
    const nodes = options.nodes ?? 1;
    const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
    for (const [topic, count] of Object.entries(options.topics)) {
      const partitions = Array.from({ length: count }, (_, partition) => ({
        leader: (partition % nodes) + 1,
        leaderEpoch: 0,
        log: new SimulatedPartitionLog(maxMessageBytes),
      }));
      this.#topics.set(topic, partitions);
    }
  }

  // ---- what a test or a notebook does with it ------------------------------------------------------------------------

  /** What was written to the partition. Throws for one that there is not. */
  log(topic: string, partition: number): SimulatedPartitionLog {
    return this.#partition(topic, partition).log;
  }

  /** How many Produce requests were made. */
  get requests(): number {
    return this.#requests;
  }

  /** How many of them have no answer yet. */
  get inFlight(): number {
    return this.#pending.size;
  }

  /** The old leader answers NOT_LEADER_OR_FOLLOWER from now on; -1: there is no leader. */
  moveLeader(topic: string, partition: number, leader: number): void {
    const moved = this.#partition(topic, partition);
    moved.leader = leader;
    moved.leaderEpoch++;
  }

  /** Breaks the node's connection and takes no new one. Nothing that is on its way is written. */
  stopNode(node: number): void {
    this.#stoppedNodes.add(node);
    this.#breakConnection(node, `Node ${node} was stopped.`, { processed: false });
  }

  startNode(node: number): void {
    this.#stoppedNodes.delete(node);
    this.#onReadyChange();
  }

  // ---- NetworkClient -------------------------------------------------------------------------------------------------

  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const ids = Array.from({ length: this.#options.nodes ?? 1 }, (_, index) => index + 1);
    const brokers = ids
      .filter((id) => !this.#stoppedNodes.has(id))
      .map((id) => ({ id, host: 'simulated', port: id }));
    if (this.#closed || brokers.length === 0)
      return Promise.reject(new NetworkFailure('No simulated node is running.'));
    const described = topics.map((topic) => {
      const partitions = this.#topics.get(topic)?.map(({ leader, leaderEpoch }, partition) => ({
        partition,
        leader: this.#stoppedNodes.has(leader) ? -1 : leader,
        leaderEpoch,
        replicas: [leader],
        inSyncReplicas: [leader],
      }));
      const errorCode = partitions === undefined ? UNKNOWN_TOPIC_OR_PARTITION : 0;
      return { topic, errorCode, partitions: partitions ?? [] };
    });
    return Promise.resolve({ brokers, topics: described });
  }

  initProducerId(): Promise<ProducerIdResponse> {
    if (this.#closed) return Promise.reject(new NetworkFailure('The simulated network is closed.'));
    const producerId = BigInt(FIRST_PRODUCER_ID + this.#producerIds++);
    return Promise.resolve({ errorCode: 0, producerId, producerEpoch: 0 });
  }

  produce(node: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse> {
    if (!this.ready(node))
      return Promise.reject(new NetworkFailure(`There is no connection to node ${node}.`));
    const simulated = { node, request, number: ++this.#requests };
    return new Promise((resolve, reject) => {
      const { clock } = this.#options;
      const pending: Pending = {
        node,
        settle: (outcome) => {
          if (!this.#pending.delete(pending)) return;
          cancelTimeout();
          if (outcome instanceof NetworkFailure) reject(outcome);
          else resolve(outcome);
          this.#onReadyChange();
        },
        drop: () => cancelArrival(),
      };
      this.#pending.add(pending);
      const cancelArrival = clock.after(this.#answerAfterMs(node), () => this.#arrived(simulated, pending));
      // What was sent is still processed when it arrives: a timeout says nothing of what the broker does.
      const cancelTimeout = clock.after(requestTimeoutMs, () =>
        this.#breakConnection(node, `A request to node ${node} timed out.`, { processed: true }),
      );
    });
  }

  ready(node: number): boolean {
    return !this.#closed && !this.#stoppedNodes.has(node) && node >= 1 && node <= (this.#options.nodes ?? 1);
  }

  onReadyChange(listener: () => void): void {
    this.#onReadyChange = listener;
  }

  authenticationError(_nodeId: number): AuthenticationError | null {
    return null;
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const { node } of this.#pending) {
      this.#breakConnection(node, 'The simulated network was closed.', { processed: false });
    }
    return Promise.resolve();
  }

  // ---- the brokers ---------------------------------------------------------------------------------------------------

  #arrived(simulated: SimulatedRequest, pending: Pending): void {
    const { node, request } = simulated;
    const fault = this.#options.fault?.(simulated) ?? null;
    if (fault?.kind === 'request-lost')
      return this.#breakConnection(node, 'A request was lost.', { processed: false });
    const partitions = request.batches.map((batch) => this.#append(node, batch, fault));
    if (fault?.kind === 'answer-lost')
      return this.#breakConnection(node, 'An answer was lost.', { processed: false });
    const unknown = request.acks === 0;
    const answers = unknown
      ? partitions.map((answer) => ({ ...answer, errorCode: 0, baseOffset: -1n }))
      : partitions;
    pending.settle({ partitions: answers, throttleTimeMs: 0 });
  }

  #append(
    node: number,
    { topic, partition, bytes }: ProduceBatch,
    fault: ProduceFault | null,
  ): PartitionProduceResponse {
    const answer = (errorCode: number, baseOffset = -1n, errorMessage: string | null = null) => ({
      topic,
      partition,
      errorCode,
      errorMessage,
      baseOffset,
      logAppendTimeMs: -1,
      recordErrors: [],
    });
    if (fault?.kind === 'error') return answer(fault.errorCode, -1n, fault.errorMessage ?? null);
    const found = this.#topics.get(topic)?.[partition];
    if (found === undefined) return answer(UNKNOWN_TOPIC_OR_PARTITION);
    if (found.leader !== node) return answer(NOT_LEADER_OR_FOLLOWER);
    const { errorCode, baseOffset } = found.log.append(bytes);
    return answer(errorCode, baseOffset);
  }

  /** Everything in flight on it fails; `processed`: the broker has it all the same. */
  #breakConnection(node: number, why: string, { processed }: { processed: boolean }): void {
    for (const pending of [...this.#pending].filter((one) => one.node === node)) {
      if (!processed) pending.drop();
      pending.settle(new NetworkFailure(why));
    }
  }

  #answerAfterMs(node: number): number {
    const nowMs = this.#options.clock.now();
    const answerMs = nowMs + (this.#options.latencyMs?.(node) ?? 0);
    const inOrderMs = Math.max(answerMs, this.#lastAnswerMs.get(node) ?? 0);
    this.#lastAnswerMs.set(node, inOrderMs);
    return inOrderMs - nowMs;
  }

  #partition(topic: string, partition: number): SimulatedPartition {
    const found = this.#topics.get(topic)?.[partition];
    if (found === undefined) throw new RangeError(`There is no simulated partition ${topic}-${partition}.`);
    return found;
  }
}

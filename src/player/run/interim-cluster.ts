import { NetworkFailure } from '../../network/network-client';
import type { NetworkClient } from '../../network/network-client';
import type { AuthenticationError } from '../../protocol/errors';
import { errorCodeName } from '../../protocol/error-codes';
import type {
  ClusterMetadata,
  PartitionProduceResponse,
  ProduceBatch,
  ProduceRequest,
  ProduceResponse,
  ProducerIdResponse,
} from '../../protocol/messages';
import { decodeRecordBatches } from '../../protocol/record-batch-decoder';
import type { SimulatedClusterOptions, SimulatedConnectOptions } from '../../simulation/simulated-cluster';
import { SimulatedPartitionLog } from '../../simulation/simulated-partition-log';
import type { SimulatedFault } from '../../simulation/simulated-request';

const NOT_LEADER_OR_FOLLOWER = 6;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const RECONNECT_MS = 50;
const FIRST_PRODUCER_ID = 4000n;

interface Partition {
  leader: number;
  leaderEpoch: number;
  readonly log: SimulatedPartitionLog;
}

/**
 * Stands in for SimulatedCluster, with its names, until that is complete: leaders, logs and the faults that the playground
 * uses. The rules of the log are those of SimulatedPartitionLog.
 */
export class InterimCluster {
  readonly topics = new Map<string, Partition[]>();
  readonly stopped = new Set<number>();
  readonly connections = new Set<InterimConnection>();
  #producerIds = FIRST_PRODUCER_ID;
  #produceRequests = 0;

  constructor(readonly options: SimulatedClusterOptions) {
    const brokers = options.brokers ?? 1;
    for (const { name, partitions, config } of options.topics ?? []) {
      const maxBytes = Number(config?.['max.message.bytes'] ?? 1_048_588);
      const made = Array.from({ length: partitions }, (_, partition) => ({
        leader: (partition % brokers) + 1,
        leaderEpoch: 0,
        log: new SimulatedPartitionLog(maxBytes),
      }));
      this.topics.set(name, made);
    }
  }

  connect(options: SimulatedConnectOptions = {}): NetworkClient {
    const connection = new InterimConnection(this, options);
    this.connections.add(connection);
    return connection;
  }

  moveLeader(topic: string, partition: number, leader: number): void {
    const moved = this.topics.get(topic)?.[partition];
    if (moved === undefined || moved.leader === leader) return;
    moved.leader = leader;
    moved.leaderEpoch++;
    this.options.trace?.({
      stage: 'leader-changed',
      atMs: this.options.clock.now(),
      topic,
      partition,
      leader,
    });
  }

  stopBroker(id: number): void {
    this.stopped.add(id);
    this.options.trace?.({
      stage: 'broker-state',
      atMs: this.options.clock.now(),
      node: id,
      state: 'stopped',
    });
    for (const connection of this.connections) connection.breakTo(id, `Broker ${id} has stopped`);
    const others = [...Array(this.options.brokers ?? 1).keys()]
      .map((at) => at + 1)
      .filter((one) => !this.stopped.has(one));
    for (const [topic, partitions] of this.topics) {
      partitions.forEach(({ leader }, partition) => {
        if (leader === id && others.length > 0)
          this.moveLeader(topic, partition, others[partition % others.length]!);
      });
    }
  }

  startBroker(id: number): void {
    this.stopped.delete(id);
    this.options.trace?.({
      stage: 'broker-state',
      atMs: this.options.clock.now(),
      node: id,
      state: 'started',
    });
    for (const connection of this.connections) connection.changed();
  }

  nextProducerId(): bigint {
    return this.#producerIds++;
  }

  nextProduceRequest(): number {
    return ++this.#produceRequests;
  }

  append(
    node: number,
    { topic, partition, bytes }: ProduceBatch,
    refusal: number | null,
  ): PartitionProduceResponse {
    const { clock, trace } = this.options;
    const stamp = stampOf(bytes);
    const answer = (errorCode: number, baseOffset: bigint): PartitionProduceResponse => ({
      topic,
      partition,
      errorCode,
      errorMessage: null,
      baseOffset,
      logAppendTimeMs: -1,
      recordErrors: [],
    });
    const refuse = (errorCode: number, error = errorCodeName(errorCode)): PartitionProduceResponse => {
      trace?.({ stage: 'log-refused', atMs: clock.now(), node, topic, partition, error, ...stamp });
      return answer(errorCode, -1n);
    };
    const found = this.topics.get(topic)?.[partition];
    if (refusal !== null) return refuse(refusal);
    if (found === undefined) return refuse(UNKNOWN_TOPIC_OR_PARTITION);
    if (found.leader !== node) return refuse(NOT_LEADER_OR_FOLLOWER);
    const before = found.log.records.length;
    const { errorCode, baseOffset } = found.log.append(bytes);
    if (errorCode !== 0) return refuse(errorCode);
    const records = found.log.records.length - before;
    if (records === 0) {
      refuse(0, 'DUPLICATE');
      return answer(0, baseOffset);
    }
    trace?.({
      stage: 'log-appended',
      atMs: clock.now(),
      node,
      topic,
      partition,
      baseOffset,
      records,
      ...stamp,
    });
    return answer(0, baseOffset);
  }
}

function stampOf(bytes: Buffer) {
  const [batch] = decodeRecordBatches(Buffer.from(bytes));
  const { producerId, producerEpoch, baseSequence } = batch!;
  return { producerId, producerEpoch, baseSequence };
}

interface Pending {
  readonly node: number;
  isDropped: boolean;
  isSettled: boolean;
  readonly settle: (outcome: ProduceResponse | NetworkFailure) => void;
}

class InterimConnection implements NetworkClient {
  readonly #pending = new Set<Pending>();
  readonly #lastArrivalMs = new Map<number, number>();
  readonly #lastResponseMs = new Map<number, number>();
  readonly #reconnectAtMs = new Map<number, number>();
  #onReadyChange: () => void = () => {};
  #isClosed = false;

  constructor(
    private readonly cluster: InterimCluster,
    private readonly options: SimulatedConnectOptions,
  ) {}

  fetchMetadata(topics: readonly string[]): Promise<ClusterMetadata> {
    const { brokers = 1 } = this.cluster.options;
    const running = Array.from({ length: brokers }, (_, at) => at + 1).filter(
      (id) => !this.cluster.stopped.has(id),
    );
    if (this.#isClosed || running.length === 0)
      return Promise.reject(new NetworkFailure('No simulated broker is running.'));
    return this.#after(running[0]!, 'metadata', () => ({
      brokers: running.map((id) => ({ id, host: 'simulated', port: id })),
      topics: topics.map((topic) => {
        const partitions = this.cluster.topics.get(topic);
        return {
          topic,
          errorCode: partitions === undefined ? UNKNOWN_TOPIC_OR_PARTITION : 0,
          partitions: (partitions ?? []).map(({ leader, leaderEpoch }, partition) => ({
            partition,
            leader: this.cluster.stopped.has(leader) ? -1 : leader,
            leaderEpoch,
            replicas: [leader],
            inSyncReplicas: [leader],
          })),
        };
      }),
    }));
  }

  initProducerId(): Promise<ProducerIdResponse> {
    return this.#after(1, 'init-producer-id', () => ({
      errorCode: 0,
      producerId: this.cluster.nextProducerId(),
      producerEpoch: 0,
    }));
  }

  produce(node: number, request: ProduceRequest, requestTimeoutMs: number): Promise<ProduceResponse> {
    if (!this.ready(node))
      return Promise.reject(new NetworkFailure(`There is no connection to broker ${node}.`));
    const { clock, fault } = this.cluster.options;
    const number = this.cluster.nextProduceRequest();
    const planned =
      fault?.({
        number,
        numberOfKind: number,
        kind: 'produce',
        clientId: 'simulated',
        node,
        produce: request,
        topics: request.batches.map(({ topic }) => topic),
      }) ?? null;
    return new Promise((resolve, reject) => {
      const cancelTimeout = clock.after(requestTimeoutMs, () =>
        this.breakTo(node, `The request timed out after ${requestTimeoutMs} ms`, { keepArriving: true }),
      );
      const pending: Pending = {
        node,
        isDropped: false,
        isSettled: false,
        settle: (outcome) => {
          if (pending.isSettled) return;
          pending.isSettled = true;
          this.#pending.delete(pending);
          cancelTimeout();
          if (outcome instanceof NetworkFailure) reject(outcome);
          else resolve(outcome);
          this.#onReadyChange();
        },
      };
      this.#pending.add(pending);
      const halfMs = (this.options.latencyMs?.(node, 'produce') ?? 0) / 2;
      const copy = request.batches.map((batch) => ({ ...batch, bytes: Buffer.from(batch.bytes) }));
      this.#later(this.#lastArrivalMs, node, halfMs, () =>
        this.#arrive(pending, copy, request, planned, number, halfMs),
      );
      if (request.acks === 0) pending.settle(unknown(request));
    });
  }

  ready(node: number): boolean {
    if (this.#isClosed || this.cluster.stopped.has(node)) return false;
    const { clock, brokers = 1 } = this.cluster.options;
    if (node < 1 || node > brokers || clock.now() < (this.#reconnectAtMs.get(node) ?? 0)) return false;
    const inFlight = [...this.#pending].filter((one) => one.node === node).length;
    return inFlight < (this.options.maxInFlightRequests ?? 5);
  }

  onReadyChange(listener: () => void): void {
    this.#onReadyChange = listener;
  }

  authenticationError(): AuthenticationError | null {
    return null;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.cluster.connections.delete(this);
    return Promise.resolve();
  }

  changed(): void {
    this.#onReadyChange();
  }

  /** Everything in flight to this broker fails. What has not arrived yet never will, unless it is only late. */
  breakTo(node: number, why: string, { keepArriving = false } = {}): void {
    const { clock } = this.cluster.options;
    this.#reconnectAtMs.set(node, clock.now() + RECONNECT_MS);
    clock.after(RECONNECT_MS, () => this.#onReadyChange());
    for (const pending of [...this.#pending].filter((one) => one.node === node)) {
      pending.isDropped = !keepArriving;
      pending.settle(new NetworkFailure(why));
    }
  }

  #arrive(
    pending: Pending,
    batches: readonly ProduceBatch[],
    request: ProduceRequest,
    planned: SimulatedFault | null,
    number: number,
    halfMs: number,
  ): void {
    const { node } = pending;
    const { clock, trace } = this.cluster.options;
    const tell = (what: string) => trace?.({ stage: 'fault', atMs: clock.now(), node, what });
    if (pending.isDropped || this.cluster.stopped.has(node)) return;
    if (planned?.kind === 'request-lost') {
      tell(`the connection breaks before broker ${node} has request ${number}`);
      this.breakTo(node, 'The connection was closed.');
      return;
    }
    const refusal = planned?.kind === 'error' ? planned.errorCode : null;
    const partitions = batches.map((batch) => this.cluster.append(node, batch, refusal));
    if (planned?.kind === 'response-lost') {
      tell(`broker ${node} has processed request ${number}, and the connection breaks before the response`);
      this.breakTo(node, 'The connection was closed.');
      return;
    }
    if (request.acks === 0) return;
    this.#later(this.#lastResponseMs, node, halfMs, () => pending.settle({ partitions, throttleTimeMs: 0 }));
  }

  /** In the order of the calls, as over one connection. */
  #later(last: Map<number, number>, node: number, ms: number, fn: () => void): void {
    const { clock } = this.cluster.options;
    const atMs = Math.max(clock.now() + ms, last.get(node) ?? 0);
    last.set(node, atMs);
    clock.after(atMs - clock.now(), fn);
  }

  #after<T>(node: number, kind: 'metadata' | 'init-producer-id', make: () => T): Promise<T> {
    const { clock } = this.cluster.options;
    return new Promise((resolve) => {
      clock.after(this.options.latencyMs?.(node, kind) ?? 0, () => resolve(make()));
    });
  }
}

function unknown(request: ProduceRequest): ProduceResponse {
  const partitions = request.batches.map(({ topic, partition }) => ({
    topic,
    partition,
    errorCode: 0,
    errorMessage: null,
    baseOffset: -1n,
    logAppendTimeMs: -1,
    recordErrors: [],
  }));
  return { partitions, throttleTimeMs: 0 };
}

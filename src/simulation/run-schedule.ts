import { KafkaProducer } from '../producer/kafka-producer';
import type { KafkaProducerOptions } from '../producer/kafka-producer-options';
import { resolveProducerConfig } from '../producer/producer-config';
import { settingsOf } from '../producer/internals/producer-settings';
import type { ProducerConfig } from '../producer/producer-config-values';
import type { ProducerParts } from '../producer/producer-parts';
import { ByteArraySerializer } from '../producer/serializers';
import { SeededRandom } from '../support/seeded-random';
import type { TraceEvent } from '../trace/trace-event';
import { faultHookOf, scheduleClusterEvents } from './run-cluster-events';
import { ObservedNetworkClient } from './run-observed-network';
import { watchProcess } from './run-process-watch';
import type { Disturbance, ProducerRecord, RunRecord, TracedEvent } from './run-record';
import { VirtualWorld } from './run-world';
import type { ProducerPlan, Schedule, TopicName } from './schedule';
import { SimulatedCluster } from './simulated-cluster';
import { wordsForAction, wordsForFault } from './story-words';
import { interceptorsOf, learnersPartsOf, partitionerOf, PayloadSerializer } from './workload-parts';
import type { Payload } from './workload-parts';
import { WorkloadProgram } from './workload-program';

type ProducerClass = new (
  config: ProducerConfig,
  options: KafkaProducerOptions<Buffer, Payload>,
) => KafkaProducer<Buffer, Payload>;

export interface RunOptions {
  /** Parts of a learner, in every producer and in place of the schedule's. */
  readonly parts?: ProducerParts;
  /** Instead of the course's own. */
  readonly Producer?: ProducerClass;
}

/** Longer than anything that a broker or the network may keep back, in ms. */
const AFTERMATH_MS = 600_000;

/** Runs the real producer through a schedule, on virtual time, and returns what was seen. */
export async function runSchedule(schedule: Schedule, options: RunOptions = {}): Promise<RunRecord> {
  return new ScheduleRun(schedule, options).run();
}

interface RunningProducer {
  readonly record: ProducerRecord;
  readonly network: ObservedNetworkClient;
  /** null if the constructor threw. */
  readonly producer: KafkaProducer<Buffer, Payload> | null;
  readonly program: WorkloadProgram | null;
}

/** One run. Its parts draw from random sources of their own, so that a draw more in one leaves the others as they were. */
class ScheduleRun {
  readonly #schedule: Schedule;
  readonly #options: RunOptions;
  readonly #world: VirtualWorld;
  readonly #watch;
  readonly #cluster: SimulatedCluster;
  readonly #latency: SeededRandom;
  readonly #trace: TracedEvent[] = [];
  readonly #running: RunningProducer[] = [];
  readonly #disturbances: Disturbance[] = [];
  #records = 0;

  constructor(schedule: Schedule, options: RunOptions) {
    this.#schedule = schedule;
    this.#options = options;
    const { seed, network } = schedule;
    this.#watch = watchProcess(() => this.#world.clock.now());
    this.#world = new VirtualWorld(new SeededRandom(seed + 1), (thrown) => this.#watch.exception(thrown));
    this.#latency = new SeededRandom(seed + 2);
    const { replicationMs = 0, metadataDelayMs = 0, failoverMs = 0 } = network;
    this.#cluster = new SimulatedCluster({
      clock: this.#world.clock,
      random: new SeededRandom(seed + 3).fraction,
      brokers: schedule.brokers,
      topics: schedule.topics
        .filter(({ createdAtMs }) => createdAtMs === undefined)
        .map(({ name, partitions, config }) => ({
          name,
          partitions,
          ...(config === undefined ? {} : { config }),
        })),
      trace: (event) => this.#note(null, event),
      fault: faultHookOf(schedule.faults, (fault, { node, numberOfKind }) =>
        this.#disturbed(`${fault.request}: ${fault.fault.kind}`, node, wordsForFault(fault, numberOfKind)),
      ),
      replicationMs: () => replicationMs,
      metadataDelayMs: () => metadataDelayMs,
      failoverMs,
    });
  }

  async run(): Promise<RunRecord> {
    const startMs = this.#world.clock.now();
    try {
      scheduleClusterEvents(this.#schedule, this.#cluster, this.#world.clock, (action) =>
        this.#disturbed(action.kind, 'node' in action ? action.node : null, wordsForAction(action)),
      );
      await this.#runPrograms();
      await this.#settleRequests();
      this.#readMetrics();
      await this.#closeAll();
      await this.#world.run(
        () => this.#world.clock.pending === 0,
        () => startMs + AFTERMATH_MS + this.#world.clock.now(),
      );
    } finally {
      this.#watch.end();
    }
    return {
      schedule: this.#schedule,
      startMs,
      endMs: this.#world.clock.now(),
      producers: this.#running.map(({ record }) => record),
      logs: this.#logs(),
      lost: this.#cluster.lostBatches,
      trace: this.#trace,
      disturbances: this.#disturbances,
      unhandled: this.#watch.unhandled,
      warnings: this.#watch.warnings,
      spinningAtMs: this.#world.spinningAtMs,
    };
  }

  /** Until everything that was asked for has been told, or something is too late. */
  async #runPrograms(): Promise<void> {
    this.#startProducers();
    await this.#world.run(
      () => this.#isSettled && this.#running.length === this.#schedule.producers.length,
      () => this.#limitMs,
    );
  }

  /** The next ones of the list, up to one that waits until these have run all their steps. */
  #startProducers(): void {
    const { producers } = this.#schedule;
    const started: Promise<void>[] = [];
    do {
      const index = this.#running.length;
      const one = this.#makeProducer(producers[index]!, index);
      this.#running.push(one);
      started.push(one.program?.run(one.record.plan.steps) ?? Promise.resolve());
    } while (
      this.#running.length < producers.length &&
      producers[this.#running.length]!.afterPrevious !== true
    );
    void Promise.all(started)
      .then(() => {
        if (this.#running.length < producers.length) this.#startProducers();
      })
      .catch((error: unknown) => this.#watch.exception(error));
  }

  #makeProducer(plan: ProducerPlan, index: number): RunningProducer {
    const config = {
      'client.id': `producer-${index + 1}`,
      'bootstrap.servers': 'simulated:9092',
      ...plan.config,
    };
    const settings = settingsOf(resolveProducerConfig(config));
    const record: ProducerRecord = {
      index,
      plan,
      settings,
      records: [],
      calls: [],
      requests: [],
      lookups: [],
      leaderNews: [],
      metrics: null,
      failure: null,
    };
    const { clock } = this.#world;
    const { network: plannedNetwork } = this.#schedule;
    const network = new ObservedNetworkClient(
      this.#cluster.connect({
        clientId: config['client.id'],
        maxInFlightRequests: settings.maxInFlightRequests,
        connectMs: () => Math.max(1, this.#latency.integer(plannedNetwork.minMs, plannedNetwork.maxMs)),
        latencyMs: () => this.#latency.integer(plannedNetwork.minMs, plannedNetwork.maxMs),
        requestTimeoutMs: settings.requestTimeoutMs,
        reconnectBackoffMs: settings.reconnectBackoffMs,
        reconnectBackoffMaxMs: settings.reconnectBackoffMaxMs,
      }),
      clock,
      () => this.#world.nextOrder(),
      record,
    );
    const { Producer = KafkaProducer } = this.#options;
    try {
      const producer = new Producer(config, this.#producerOptions(plan, index, record, network));
      return { record, network, producer, program: this.#program(producer, record) };
    } catch (error) {
      record.failure = error;
      return { record, network, producer: null, program: null };
    }
  }

  #producerOptions(
    plan: ProducerPlan,
    index: number,
    record: ProducerRecord,
    network: ObservedNetworkClient,
  ): KafkaProducerOptions<Buffer, Payload> {
    const { clock } = this.#world;
    const { parts: plannedParts = {}, turnCostMs = 0, untraced = false } = plan;
    const { bufferMemory } = record.settings;
    const parts = this.#options.parts ?? learnersPartsOf(plannedParts, { clock, bufferMemory });
    const partitioner = partitionerOf(plannedParts.partitioner);
    const trace = (event: TraceEvent) => {
      this.#note(index, event);
      if (plannedParts.traceThrows === true) throw new Error('the trace listener threw');
    };
    return {
      keySerializer: new ByteArraySerializer(),
      valueSerializer: new PayloadSerializer(plannedParts.reusesBuffer === true),
      interceptors: interceptorsOf(plannedParts.interceptor),
      clock,
      eventLoop: this.#world.newEventLoop(turnCostMs),
      random: new SeededRandom(this.#schedule.seed + 10 + index).fraction,
      network,
      ...(partitioner === undefined ? {} : { partitioner }),
      ...(parts === null ? {} : { parts }),
      ...(untraced ? {} : { trace }),
    };
  }

  #program(producer: KafkaProducer<Buffer, Payload>, record: ProducerRecord): WorkloadProgram {
    const { topics } = this.#schedule;
    return new WorkloadProgram({
      world: this.#world,
      producer,
      record,
      defaultTopic: topics[0]?.name ?? 'missing',
      partitionsOf: (topic: TopicName) => topics.find(({ name }) => name === topic)?.partitions ?? 0,
      nextIndex: () => this.#records++,
    });
  }

  #disturbed(name: string, node: number | null, text: string | null): void {
    this.#disturbances.push({
      atMs: this.#world.clock.now(),
      order: this.#world.nextOrder(),
      name,
      node,
      text,
    });
  }

  #note(producer: number | null, event: TraceEvent): void {
    this.#trace.push({ order: this.#world.nextOrder(), producer, event });
  }

  // ---- the end -------------------------------------------------------------------------------------------------------

  get #isSettled(): boolean {
    return this.#running.every(({ program }) => program === null || program.isSettled);
  }

  get #limitMs(): number {
    return Math.min(...this.#running.map(({ program }) => program?.limitMs ?? Infinity));
  }

  /**
   * A record that expired may still be in a request, which holds its memory; and what becomes of a record at whose promises
   * nobody looks, without a callback, is known only when its time is over.
   */
  async #settleRequests(): Promise<void> {
    const { clock } = this.#world;
    const longestMs = Math.max(...this.#running.map(({ record }) => record.settings.requestTimeoutMs));
    const unknownUntilMs = Math.max(...this.#running.map(({ record }) => endOfUnwatchedMs(record)));
    const limitMs = Math.max(clock.now(), unknownUntilMs) + longestMs;
    await this.#world.run(
      () =>
        clock.now() >= unknownUntilMs &&
        this.#world.isCalm &&
        this.#running.every(({ network }) => network.outstanding === 0),
      () => limitMs,
    );
  }

  #readMetrics(): void {
    for (const { producer, program, record } of this.#running) {
      if (producer === null || program?.isClosed !== false) continue;
      record.metrics = new Map(
        producer.metrics().map(({ name, tags, value }) => {
          const of = tags['topic'] ?? tags['node-id'];
          return [of === undefined ? name : `${name} ${of}`, value];
        }),
      );
    }
  }

  async #closeAll(): Promise<void> {
    for (const { program } of this.#running) if (program?.isClosed === false) void program.end();
    await this.#world.run(
      () => this.#isSettled,
      () => this.#limitMs,
    );
  }

  #logs(): RunRecord['logs'] {
    return this.#cluster.topicNames.flatMap((topic) =>
      Array.from({ length: this.#cluster.partitionCount(topic) }, (_, partition) => {
        return { topic, partition, log: this.#cluster.log(topic, partition) };
      }),
    );
  }
}

function endOfUnwatchedMs({ records, settings }: ProducerRecord): number {
  const { maxBlockMs, deliveryTimeoutMs } = settings;
  const unwatched = records.filter(({ unseen, callbacks }) => unseen && callbacks.length === 0);
  return Math.max(0, ...unwatched.map(({ calledMs }) => calledMs + maxBlockMs + deliveryTimeoutMs));
}

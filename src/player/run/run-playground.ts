import { errorCodeName } from '../../protocol/error-codes';
import { KafkaProducer } from '../../producer/kafka-producer';
import type { ProducerParts } from '../../producer/producer-parts';
import type { Partitioner } from '../../producer/partitioner';
import type { ProducerConfig } from '../../producer/producer-config';
import type { RecordFuture } from '../../producer/internals/future-record-metadata';
import { RoundRobinPartitioner } from '../../producer/round-robin-partitioner';
import { StringSerializer } from '../../producer/serializers';
import { SimulatedCluster } from '../../simulation/simulated-cluster';
import type { SimulatedFault, SimulatedRequest } from '../../simulation/simulated-request';
import { VirtualWorld } from '../../simulation/run-world';
import { SeededRandom } from '../../support/seeded-random';
import type { TraceEvent } from '../../trace/trace-event';
import type { PlayerRun } from '../model/player-run';
import { SETTINGS } from './playground-settings';
import type { PlaygroundSettings, SettingValue } from './playground-settings';

const TOPIC = 'orders';
const SEED = 20_241;
const CUSTOMERS = 12;
/** A run that is not over by then is shown as far as it got. */
const LONGEST_MS = 600_000;
const MOST_EVENTS = 60_000;
/** A page must not stand still for longer, whatever the settings are. In real time. */
const LONGEST_RUN_MS = 5_000;
const MOST_BYTES_KEPT = 4 * 1024 * 1024;

export interface PlaygroundRunOptions {
  readonly title: string;
  readonly settings: PlaygroundSettings;
  /** What is different from a moment on; a producer's settings hold from the start all the same. */
  readonly fork?: { readonly atMs: number; readonly change: PlaygroundSettings };
  /** A learner's own parts in place of the producer's. */
  readonly parts?: ProducerParts;
  readonly partitioner?: Partitioner;
}

/**
 * Runs the producer, all of it, on virtual time against a cluster in memory. The same settings give the same run. Throws a
 * ConfigError for settings that a producer refuses.
 */
export async function runPlayground(options: PlaygroundRunOptions): Promise<PlayerRun> {
  const run = new PlaygroundRun(options);
  const notes = await run.run();
  return { title: options.title, events: run.events, config: shownConfig(options), bytes: run.bytes, notes };
}

class PlaygroundRun {
  readonly events: TraceEvent[] = [];
  readonly bytes = new Map<number, Uint8Array>();
  readonly config: ProducerConfig;
  readonly #world = new VirtualWorld(new SeededRandom(SEED), (thrown) => {
    this.#notes.push(`Something threw where nobody could catch it: ${String(thrown)}.`);
  });
  readonly #clock = this.#world.clock;
  readonly #notes: string[] = [];
  readonly #startMs = this.#clock.now();
  readonly #random = new SeededRandom(SEED);
  readonly #cluster: SimulatedCluster;
  readonly #lastDrained = new Map<string, number>();
  #bytesKept = 0;
  #isStopped = false;
  /** A second producer counts from 1 again; in the picture its numbers go on. */
  #numbersBefore = { record: 0, batch: 0, request: 0 };
  #highest = { record: 0, batch: 0, request: 0 };

  constructor(private readonly options: PlaygroundRunOptions) {
    this.config = configOf({ ...options.settings, ...options.fork?.change });
    this.#cluster = new SimulatedCluster({
      clock: this.#clock,
      random: this.#random.fraction,
      brokers: this.#number('brokers'),
      topics: [
        {
          name: TOPIC,
          partitions: this.#number('partitions'),
          config: { 'max.message.bytes': String(this.#number('maxMessageBytes')) },
        },
      ],
      trace: (event) => this.#take(event),
      fault: (request) => this.#faultFor(request),
    });
  }

  async run(): Promise<string[]> {
    const beganMs = performance.now();
    let isOver = false;
    const application = this.#application().finally(() => (isOver = true));
    application.catch(() => {});
    this.#planEvents();
    const ended = await this.#world.run(
      () => isOver || this.events.length >= MOST_EVENTS || performance.now() - beganMs > LONGEST_RUN_MS,
      () => this.#startMs + LONGEST_MS,
    );
    if (isOver) await application;
    else this.#isStopped = true;
    const notes = [
      'The producer is the course’s own code; brokers and network are simulated, and time is virtual.',
      ...this.#notes,
    ];
    if (!isOver && ended === 'late')
      notes.push(`The run was stopped after ${LONGEST_MS / 1000} seconds of its time.`);
    else if (!isOver)
      notes.push(
        `The run was stopped after ${this.events.length.toLocaleString('en')} events: it had no end.`,
      );
    return notes;
  }

  // ---- settings, as they are at this time --------------------------------------------------------------------------

  #setting(name: string): SettingValue {
    const { settings, fork } = this.options;
    const isForked = fork !== undefined && this.#clock.now() - this.#startMs >= fork.atMs;
    const holdsFromStart = SETTINGS.find((one) => one.name === name)?.changes === 'at the start';
    return (isForked || holdsFromStart ? fork?.change[name] : undefined) ?? settings[name]!;
  }

  #number(name: string): number {
    return Number(this.#setting(name));
  }

  // ---- the application ---------------------------------------------------------------------------------------------

  async #application(): Promise<void> {
    const records = this.#number('records');
    const restartsAfter = this.#number('restartsAfter');
    let sent = 0;
    while (sent < records) {
      const until = restartsAfter > sent && restartsAfter < records ? restartsAfter : records;
      await this.#oneProducer(sent, until);
      sent = until;
      this.#numbersBefore = { ...this.#highest };
    }
  }

  async #oneProducer(from: number, to: number): Promise<void> {
    const network = this.#cluster.connect({
      maxInFlightRequests: this.#number('max.in.flight.requests.per.connection'),
      latencyMs: (node) => this.#number(node === this.#number('slowBroker') ? 'slowMs' : 'latencyMs'),
    });
    const { partitioner, parts } = this.options;
    const producer = new KafkaProducer<string, string>(this.config, {
      keySerializer: new StringSerializer(),
      valueSerializer: new StringSerializer(),
      partitioner:
        partitioner ??
        (this.#setting('partitioner') === 'round robin' ? new RoundRobinPartitioner() : undefined),
      parts,
      clock: this.#clock,
      eventLoop: this.#world.newEventLoop(0),
      random: this.#random.fraction,
      network: this.#keepingBytes(network),
      trace: (event) => this.#take(event),
    });
    const futures: RecordFuture[] = [];
    for (let number = from; number < to; number++) {
      if (number > from) await this.#pause(this.#number('everyMs'));
      try {
        const future = await producer.send({
          topic: TOPIC,
          key: this.#key(number),
          value: this.#value(number),
        });
        futures.push(future);
        if (this.#setting('awaits') === true) await future.get();
      } catch {
        // What became of the record is in the trace; this application goes on with the next one.
      }
    }
    await Promise.allSettled(futures.map((future) => future.get()));
    await producer.close();
  }

  #key(number: number): string | null {
    const keys = this.#setting('keys');
    if (keys === 'none') return null;
    if (keys === 'one hot customer' && number % 5 !== 0) return 'customer-1';
    return `customer-${(number * 7) % CUSTOMERS}`;
  }

  #value(number: number): string {
    const order = JSON.stringify({ order: number + 1 });
    return order
      .padEnd(this.#number('valueBytes'), '.')
      .slice(0, Math.max(this.#number('valueBytes'), order.length));
  }

  #pause(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }

  // ---- what happens to the cluster ---------------------------------------------------------------------------------

  /** Looked up when the time has come, so that a fork can plan what its past did not. */
  #planEvents(): void {
    const at = (ms: number, fn: () => void) => this.#clock.after(ms, fn);
    for (const settings of [this.options.settings, this.options.fork?.change ?? {}]) {
      const value = (name: string) => Number(settings[name] ?? this.options.settings[name]);
      const isPast = (ms: number) => settings === this.options.fork?.change && ms < this.options.fork.atMs;
      const holds = (name: string, ms: number) => Number(this.#setting(name)) === value(name) && !isPast(ms);
      const node = value('stopBroker');
      if ('stopBroker' in settings && node > 0) {
        at(value('stopAtMs'), () => {
          if (holds('stopBroker', value('stopAtMs'))) this.#stopFor(node, value('stopForMs'));
        });
      }
      const moveAtMs = value('moveAtMs');
      if ('moveAtMs' in settings && moveAtMs > 0) {
        at(moveAtMs, () => {
          if (holds('moveAtMs', moveAtMs))
            this.#cluster.moveLeader(TOPIC, 0, this.#number('brokers') > 1 ? 2 : 1);
        });
      }
    }
  }

  #stopFor(node: number, ms: number): void {
    if (node > this.#number('brokers')) return;
    this.#cluster.stopBroker(node);
    this.#clock.after(ms, () => this.#cluster.startBroker(node));
  }

  #faultFor({ numberOfKind, kind }: SimulatedRequest): SimulatedFault | null {
    if (kind !== 'produce') return null;
    if (numberOfKind === this.#number('loseResponse')) return { kind: 'response-lost' };
    if (numberOfKind === this.#number('loseRequest')) return { kind: 'request-lost' };
    if (numberOfKind !== this.#number('refuseRequest')) return null;
    const wanted = this.#setting('refuseWith');
    const errorCode = REFUSALS.find((code) => errorCodeName(code) === wanted) ?? REFUSALS[0]!;
    return { kind: 'error', errorCode };
  }

  // ---- what is kept --------------------------------------------------------------------------------------------------

  #take(event: TraceEvent): void {
    if (this.#isStopped) return;
    const { record, batch, request } = this.#numbersBefore;
    const moved: Record<string, unknown> = { ...event, atMs: event.atMs - this.#startMs };
    if ('record' in event) moved['record'] = event.record + record;
    if ('batch' in event) moved['batch'] = event.batch + batch;
    if ('request' in event) moved['request'] = event.request + request;
    if ('batches' in event) moved['batches'] = event.batches.map((one) => one + batch);
    if (event.stage === 'batch-split') moved['pieces'] = event.pieces.map((one) => one + batch);
    const kept = moved as unknown as TraceEvent;
    if ('record' in kept) this.#highest.record = Math.max(this.#highest.record, kept.record);
    if ('batch' in kept) this.#highest.batch = Math.max(this.#highest.batch, kept.batch);
    if ('request' in kept) this.#highest.request = Math.max(this.#highest.request, kept.request);
    if (kept.stage === 'batch-drained') this.#lastDrained.set(`${kept.topic}-${kept.partition}`, kept.batch);
    this.events.push(kept);
  }

  #keepingBytes<Network extends ReturnType<SimulatedCluster['connect']>>(network: Network): Network {
    const produce = network.produce.bind(network);
    network.produce = (node, request, timeoutMs) => {
      for (const { topic, partition, bytes } of request.batches) {
        const batch = this.#lastDrained.get(`${topic}-${partition}`);
        if (batch === undefined || this.#bytesKept + bytes.length > MOST_BYTES_KEPT) continue;
        this.#bytesKept += bytes.length;
        this.bytes.set(batch, Uint8Array.from(bytes));
      }
      return produce(node, request, timeoutMs);
    };
    return network;
  }
}

/** With the defaults, which the picture draws as limits. */
function shownConfig({ settings, fork }: PlaygroundRunOptions): Record<string, SettingValue> {
  const names = SETTINGS.filter(({ group }) => group === 'producer').map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, fork?.change[name] ?? settings[name]!]));
}

/** NOT_ENOUGH_REPLICAS, INVALID_RECORD, KAFKA_STORAGE_ERROR. */
const REFUSALS = [19, 87, 56];

function configOf(settings: PlaygroundSettings): ProducerConfig {
  const names = SETTINGS.filter(({ group, name }) => group === 'producer' && name !== 'partitioner').map(
    ({ name }) => name,
  );
  const config: Record<string, SettingValue> = {
    'bootstrap.servers': 'simulated:9092',
    'client.id': 'playground',
  };
  for (const name of names) {
    // Left out where it is the default: Kafka's rules ask whether a setting was given at all.
    const initial = SETTINGS.find((one) => one.name === name)!.initial;
    if (settings[name] !== undefined && settings[name] !== initial) config[name] = settings[name];
  }
  return config;
}

import { setTimeout as delay } from 'node:timers/promises';
import { brokerState, type BrokerState } from './kafka-response';
import type { CourseKafka } from './course-kafka';

const LOOK_EVERY_MS = 1000;
/** A machine that slept, or has much to do, lets a living broker be silent for some time: it is not ended for that at once. */
const SILENT_FOR_MS = 30_000;

export interface WatchOptions {
  readonly onProgress: (line: string) => void;
  /** Before a restart, and after it: what tells other commands where they stand. */
  readonly onRestart: (state: 'restarting' | 'ready') => void;
  readonly everyMs?: number;
  readonly silentForMs?: number;
}

export interface KafkaWatch {
  /** Resolves when no restart is under way any more. */
  stop(): Promise<void>;
}

/**
 * Looks every second whether the brokers of `kafka` respond, and restarts those that have ended, on the same port and with
 * the same data. A cluster of somebody else's is only reported on.
 */
export function watchKafka(kafka: CourseKafka, options: WatchOptions): KafkaWatch {
  const stopped = new AbortController();
  const servers = kafka.bootstrapServers.split(',');
  const brokers = servers.map((server, index) => new WatchedBroker(kafka, server, index + 1, options));
  const ended = (async () => {
    while (!stopped.signal.aborted) {
      await delay(options.everyMs ?? LOOK_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => {});
      for (const broker of brokers) if (!stopped.signal.aborted) await broker.look();
    }
  })();
  return {
    stop: () => {
      stopped.abort();
      return ended;
    },
  };
}

class WatchedBroker {
  #silentSince: number | undefined;
  #toldOf: BrokerState = 'responding';
  #failedRestarts = 0;

  constructor(
    private readonly kafka: CourseKafka,
    private readonly server: string,
    private readonly id: number,
    private readonly options: WatchOptions,
  ) {}

  async look(): Promise<void> {
    const tls = this.kafka.connection.ssl !== undefined;
    const state = await brokerState(this.server, { tls });
    if (state === 'responding') return this.#responds();
    const silentSince = (this.#silentSince ??= performance.now());
    if (this.kafka.kind === 'external') return this.#tell(state, 'it is not restarted from here');
    const silentForMs = this.options.silentForMs ?? SILENT_FOR_MS;
    if (state === 'silent' && performance.now() - silentSince < silentForMs) {
      return this.#tell(state, `it is restarted if it does not in ${silentForMs / 1000} s`);
    }
    await this.#restart(state);
  }

  #responds(): void {
    this.#silentSince = undefined;
    if (this.#toldOf !== 'responding') this.options.onProgress(`Kafka on ${this.server} responds.`);
    this.#toldOf = 'responding';
  }

  #tell(state: BrokerState, consequence: string): void {
    if (this.#toldOf === state) return;
    this.#toldOf = state;
    const what = state === 'gone' ? 'has ended' : 'does not respond';
    this.options.onProgress(`Kafka on ${this.server} ${what}: ${consequence}.`);
  }

  async #restart(state: BrokerState): Promise<void> {
    this.#tell(state, 'restarting it on the same port with the same data');
    this.options.onRestart('restarting');
    try {
      await this.kafka.stopBroker(this.id, { hard: true });
      await this.kafka.startBroker(this.id);
      this.#failedRestarts = 0;
      this.options.onRestart('ready');
    } catch (error) {
      // Tried again at the next look. The sentence is told once: the same cause would fill the terminal.
      if (this.#failedRestarts++ > 0) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.options.onProgress(
        `Kafka on ${this.server} could not be restarted, and is tried again: ${reason}`,
      );
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaDescription } from '../../../src/broker/course-kafka';
import { KafkaJsNetworkClient } from '../../../src/network/kafkajs-network-client';
import { codecFor } from '../../../src/protocol/compression';
import { RecordBatchBuilder } from '../../../src/protocol/record-batch-builder';
import type { ProducerState } from '../../../src/protocol/record-batch-builder';

/** What is chosen of a batch: its stamp, and how many records are in it. */
export interface ChosenBatch extends ProducerState {
  readonly recordCount: number;
}

export interface BrokerAnswer {
  readonly errorCode: number;
  /** -1n when the batch was refused. */
  readonly baseOffset: bigint;
}

const TIMEOUT_MS = 10_000;
const COORDINATOR_LOAD_IN_PROGRESS = 14;
/**
 * UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER: a busy broker that has announced a new topic may
 * still be opening its log. Nothing was written and nothing remembered, so the batch can be sent again as if for the first time.
 */
const NOT_YET_THERE = new Set([3, 5, 6]);
const RETRY_AFTER_MS = 25;
const MOST_ATTEMPTS = 400;
const CONNECTION = {
  clientId: 'course-grader',
  requestTimeoutMs: TIMEOUT_MS,
  maxInFlightRequestsPerConnection: 1,
  reconnectBackoffMs: 50,
  reconnectBackoffMaxMs: 500,
  socketConnectionSetupTimeoutMs: TIMEOUT_MS,
};

/** Sends batches with producer ids, epochs and sequences of the caller's choice: no producer would, and a broker has to judge them. */
export class RawProducer {
  readonly #client: KafkaJsNetworkClient;
  #leaders: ReadonlyMap<number, number> = new Map();

  private constructor(
    kafka: KafkaDescription,
    private readonly topic: string,
  ) {
    const { bootstrapServers, connection } = kafka;
    this.#client = new KafkaJsNetworkClient({ ...CONNECTION, ...connection, bootstrapServers });
  }

  static async use<T>(
    kafka: KafkaDescription,
    topic: string,
    use: (producer: RawProducer) => Promise<T>,
  ): Promise<T> {
    const producer = new RawProducer(kafka, topic);
    try {
      await producer.#connect();
      return await use(producer);
    } finally {
      await producer.#client.close();
    }
  }

  async newProducerId(): Promise<bigint> {
    for (let attempt = 1; ; attempt++) {
      const { errorCode, producerId } = await this.#client.initProducerId();
      if (errorCode === 0) return producerId;
      if (errorCode !== COORDINATOR_LOAD_IN_PROGRESS || attempt === MOST_ATTEMPTS)
        throw new Error(`The broker gave out no producer id: error ${errorCode}.`);
      await delay(RETRY_AFTER_MS); // it has only just started
    }
  }

  /** One batch in one request; resolves with what the broker made of it. */
  async send(partition: number, batch: ChosenBatch): Promise<BrokerAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#sendOnce(partition, bytesOf(batch));
      if (!NOT_YET_THERE.has(answer.errorCode) || attempt === MOST_ATTEMPTS) return answer;
      await delay(RETRY_AFTER_MS);
    }
  }

  async #sendOnce(partition: number, bytes: Buffer): Promise<BrokerAnswer> {
    const request = {
      acks: -1,
      timeoutMs: TIMEOUT_MS,
      batches: [{ topic: this.topic, partition, bytes }],
    } as const;
    const { partitions } = await this.#client.produce(this.#leaders.get(partition)!, request, TIMEOUT_MS);
    const { errorCode, baseOffset } = partitions[0]!;
    return { errorCode, baseOffset };
  }

  async #connect(): Promise<void> {
    const { topics } = await this.#client.fetchMetadata([this.topic]);
    this.#leaders = new Map(topics[0]!.partitions.map(({ partition, leader }) => [partition, leader]));
    for (const leader of new Set(this.#leaders.values())) await this.#untilReady(leader);
  }

  async #untilReady(leader: number): Promise<void> {
    let lookAgain = (): void => {};
    this.#client.onReadyChange(() => lookAgain());
    while (!this.#client.ready(leader)) await new Promise<void>((resolve) => (lookAgain = resolve));
  }
}

function bytesOf({ recordCount, ...state }: ChosenBatch): Buffer {
  const builder = new RecordBatchBuilder({ writeLimit: 16_384, codec: codecFor('none') });
  const timestampMs = Date.now();
  for (let index = 0; index < recordCount; index++) builder.append(timestampMs, null, Buffer.from('record'));
  return builder.close(state);
}

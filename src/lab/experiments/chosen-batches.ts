import type { KafkaDescription } from '../../broker/index';
import { KafkaJsNetworkClient } from '../../network/kafkajs-network-client';
import { codecFor } from '../../protocol/compression';
import { RecordBatchBuilder } from '../../protocol/record-batch-builder';

/** What is chosen of a batch. */
export interface ChosenBatch {
  readonly baseSequence: number;
  readonly records: number;
  /** 0 when left out. */
  readonly epoch?: number;
}

export interface JudgedBatch extends Required<ChosenBatch> {
  /** `duplicate`: acknowledged with the offset it got before, and not written again. */
  readonly answer: 'appended' | 'duplicate' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH';
  /** Of its first record; null when it was refused. */
  readonly baseOffset: bigint | null;
}

const TIMEOUT_MS = 10_000;
const COORDINATOR_LOAD_IN_PROGRESS = 14;
const RETRY_AFTER_MS = 25;
const MOST_ATTEMPTS = 400;
const REFUSALS: Readonly<Record<number, JudgedBatch['answer']>> = {
  45: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  47: 'INVALID_PRODUCER_EPOCH',
};

/**
 * Sends batches with sequences of the caller's choice to partition 0, one after the other, all with one new producer id, and
 * says what the broker made of each. No producer would send these: it is the broker that is looked at.
 */
export async function judgeBatches(
  kafka: KafkaDescription,
  topic: string,
  batches: readonly ChosenBatch[],
): Promise<JudgedBatch[]> {
  const network = new KafkaJsNetworkClient({
    ...kafka.connection,
    bootstrapServers: kafka.bootstrapServers,
    clientId: 'chosen-batches',
    requestTimeoutMs: TIMEOUT_MS,
    maxInFlightRequestsPerConnection: 1,
    reconnectBackoffMs: 50,
    reconnectBackoffMaxMs: 500,
    socketConnectionSetupTimeoutMs: TIMEOUT_MS,
  });
  try {
    const leader = await leaderOf(network, topic);
    const producerId = await newProducerId(network);
    const judged: JudgedBatch[] = [];
    const seen = new Set<bigint>();
    for (const { baseSequence, records, epoch = 0 } of batches) {
      const bytes = bytesOf(records, { producerId, producerEpoch: epoch, baseSequence });
      const request = { acks: -1, timeoutMs: TIMEOUT_MS, batches: [{ topic, partition: 0, bytes }] } as const;
      const { partitions } = await network.produce(leader, request, TIMEOUT_MS);
      const [{ errorCode, baseOffset } = { errorCode: -1, baseOffset: -1n }] = partitions;
      const refusal = REFUSALS[errorCode];
      if (errorCode !== 0 && refusal === undefined) {
        throw new Error(
          `The broker answered with error ${errorCode}, which has nothing to do with sequences.`,
        );
      }
      // Success with an offset that was given out before: the broker knew the batch.
      const answer = refusal ?? (seen.has(baseOffset) ? 'duplicate' : 'appended');
      if (refusal === undefined) seen.add(baseOffset);
      judged.push({
        baseSequence,
        records,
        epoch,
        answer,
        baseOffset: refusal === undefined ? baseOffset : null,
      });
    }
    return judged;
  } finally {
    await network.close();
  }
}

async function leaderOf(network: KafkaJsNetworkClient, topic: string): Promise<number> {
  const { topics } = await network.fetchMetadata([topic]);
  const leader = topics[0]?.partitions.find(({ partition }) => partition === 0)?.leader ?? -1;
  if (leader < 0) throw new Error(`Partition 0 of ${topic} has no leader: see that all brokers are running.`);
  let lookAgain = (): void => {};
  network.onReadyChange(() => lookAgain());
  while (!network.ready(leader)) await new Promise<void>((resolve) => (lookAgain = resolve));
  return leader;
}

async function newProducerId(network: KafkaJsNetworkClient): Promise<bigint> {
  for (let attempt = 1; ; attempt++) {
    const { errorCode, producerId } = await network.initProducerId();
    if (errorCode === 0) return producerId;
    if (errorCode !== COORDINATOR_LOAD_IN_PROGRESS || attempt === MOST_ATTEMPTS) {
      throw new Error(`The broker gave out no producer id: error ${errorCode}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS)); // it has only just started
  }
}

function bytesOf(
  records: number,
  state: { readonly producerId: bigint; readonly producerEpoch: number; readonly baseSequence: number },
): Buffer {
  const builder = new RecordBatchBuilder({ writeLimit: 16_384, codec: codecFor('none') });
  const timestampMs = Date.now();
  for (let index = 0; index < records; index++) builder.append(timestampMs, null, Buffer.from('record'));
  return builder.close(state);
}

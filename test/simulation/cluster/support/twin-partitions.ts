import type { KafkaDescription } from '../../../../src/broker/index';
import { KafkaJsNetworkClient } from '../../../../src/network/kafkajs-network-client';
import { LogReader } from '../../../../src/network/log-reader';
import { errorCodeName } from '../../../../src/protocol/error-codes';
import type { NetworkClient } from '../../../../src/network/network-client';
import { BATCH_HEADER_SIZE, BatchOffset } from '../../../../src/protocol/record-batch-format';
import { decodeRecordBatches } from '../../../../src/protocol/record-batch-decoder';
import type { PartitionProduceResponse, ProduceResponse } from '../../../../src/protocol/messages';
import { SimulatedCluster } from '../../../../src/simulation/simulated-cluster';
import { SystemClock } from '../../../../src/support/clock';
import { bytesOf } from './planned-batch';
import type { PlannedBatch } from './planned-batch';

/** What both have to agree on. */
export interface Compared {
  readonly errorCode: number;
  readonly baseOffset: bigint;
  readonly errorMessage: string | null;
  readonly recordErrors: readonly { readonly batchIndex: number; readonly message: string | null }[];
  readonly logAppendTimeMs: number | 'now';
}

/** One step of one partition, with what the broker and the simulation made of it. */
export interface ComparedStep {
  readonly partition: number;
  readonly step: number;
  readonly sent: string;
  readonly broker: Compared | null;
  readonly simulation: Compared | null;
}

export interface TwinOptions {
  readonly topic: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 30_000;
const FIRST_PRODUCER_ID = 900_000n;
const SEQUENCES = 2 ** 31;
/** Two machines, or two moments, do not have the same time. */
const SAME_TIME_MS = 60_000;

/** What a partition has come to expect of one epoch of a producer, as far as a plan needs to know it. */
interface Progress {
  next: number;
  readonly taken: { readonly sequence: number; readonly bytes: Buffer }[];
}

/** A topic on the real broker, and the same topic in the simulation: whatever is sent to one is sent to the other. */
export class TwinPartitions {
  readonly #options: TwinOptions;
  readonly #client: KafkaJsNetworkClient;
  readonly #reader: LogReader;
  readonly #cluster: SimulatedCluster;
  readonly #simulated: NetworkClient;
  #leader = -1;
  #producerIds = FIRST_PRODUCER_ID;
  readonly #comparedUpTo: bigint[];
  /** Behind the base offset of the last batch that was written. */
  readonly #endOffsets: bigint[];
  /** How often each outcome was seen: `NONE`, `DUPLICATE`, or the name of an error. */
  readonly outcomes = new Map<string, number>();

  private constructor(kafka: KafkaDescription, options: TwinOptions) {
    this.#options = options;
    const { bootstrapServers, connection } = kafka;
    this.#client = new KafkaJsNetworkClient({
      ...connection,
      bootstrapServers,
      clientId: 'fidelity',
      requestTimeoutMs: TIMEOUT_MS,
      maxInFlightRequestsPerConnection: 5,
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 500,
      socketConnectionSetupTimeoutMs: TIMEOUT_MS,
    });
    this.#reader = new LogReader(kafka);
    const { topic, partitions, config } = options;
    this.#cluster = new SimulatedCluster({
      clock: new SystemClock(),
      topics: [{ name: topic, partitions, config }],
    });
    this.#simulated = this.#cluster.connect();
    this.#comparedUpTo = Array.from({ length: partitions }, () => 0n);
    this.#endOffsets = Array.from({ length: partitions }, () => 0n);
  }

  static async connect(kafka: KafkaDescription, options: TwinOptions): Promise<TwinPartitions> {
    const twin = new TwinPartitions(kafka, options);
    const { topics } = await twin.#client.fetchMetadata([options.topic]);
    twin.#leader = topics[0]!.partitions[0]!.leader;
    await twin.#simulated.fetchMetadata([]);
    await untilReady(twin.#client, twin.#leader);
    await untilReady(twin.#simulated, 1);
    return twin;
  }

  async close(): Promise<void> {
    this.#reader.close();
    await Promise.all([this.#client.close(), this.#simulated.close()]);
  }

  /** Step by step, each with one batch for every partition that has one left, in one request. Returns what differs. */
  async send(plans: readonly (readonly PlannedBatch[])[]): Promise<ComparedStep[]> {
    const producerIds = (this.#producerIds += 10n);
    const progress = plans.map(() => new Map<string, Progress>());
    const different: ComparedStep[] = [];
    for (let step = 0; plans.some((plan) => step < plan.length); step++) {
      const batches = plans.flatMap((plan, partition) => {
        const planned = plan[step];
        if (planned === undefined) return [];
        const known = progressOf(progress[partition]!, planned);
        const sequence = sequenceOf(planned, known);
        const bytes =
          earlier(planned, known)?.bytes ??
          bytesOf(planned, producerIds + BigInt(planned.producer ?? 0), sequence);
        return [{ topic: this.#options.topic, partition, bytes, planned, sequence }];
      });
      const request = () => ({ acks: -1, timeoutMs: TIMEOUT_MS, batches: batches.map(copied) }) as const;
      const [broker, simulation] = await Promise.all([
        this.#client.produce(this.#leader, request(), TIMEOUT_MS),
        this.#simulated.produce(1, request(), TIMEOUT_MS),
      ]);
      for (const { partition, planned, sequence, bytes } of batches) {
        const compared = {
          partition,
          step,
          sent: `${bytes.length} bytes, sequence ${sequence}: ${JSON.stringify(planned)}`,
          broker: comparable(broker, partition),
          simulation: comparable(simulation, partition),
        };
        if (!same(compared.broker, compared.simulation)) different.push(compared);
        this.#count(partition, compared.simulation);
        if (compared.simulation?.errorCode === 0) {
          note(progressOf(progress[partition]!, planned), planned, sequence, bytes);
        }
      }
    }
    return different;
  }

  #count(partition: number, response: Compared | null): void {
    const { errorCode, baseOffset } = response!;
    const known = this.#endOffsets[partition]! > baseOffset;
    const outcome = errorCode === 0 && known ? 'DUPLICATE' : errorCodeName(errorCode);
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (errorCode === 0 && !known) this.#endOffsets[partition] = baseOffset + 1n;
  }

  /** What has come into the logs since this was last asked. Returns what differs, in words. */
  async compareLogs(): Promise<string[]> {
    const { topic } = this.#options;
    const different: string[] = [];
    await Promise.all(
      this.#comparedUpTo.map(async (fromOffset, partition) => {
        const stored = await this.#reader.readPartition({ topic, partition, fromOffset });
        const { batches, endOffset } = this.#cluster.log(topic, partition);
        const mine = batches.filter(({ baseOffset }) => baseOffset >= fromOffset);
        const theirs = stored.map(({ bytes }) => bytes);
        const where = `${topic}-${partition} from offset ${fromOffset}`;
        if (theirs.length !== mine.length) {
          different.push(
            `${where}: ${theirs.length} batches on the broker, ${mine.length} in the simulation`,
          );
        }
        for (const [index, { bytes }] of mine.entries()) {
          const other = theirs[index];
          if (other === undefined || sameBatch(other, bytes)) continue;
          different.push(`${where}, batch ${index}:\n  ${other.toString('hex')}\n  ${bytes.toString('hex')}`);
        }
        this.#comparedUpTo[partition] = endOffset;
      }),
    );
    return different;
  }
}

function copied({ topic, partition, bytes }: { topic: string; partition: number; bytes: Buffer }) {
  return { topic, partition, bytes: Buffer.from(bytes) };
}

async function untilReady(client: NetworkClient, node: number): Promise<void> {
  let lookAgain = (): void => {};
  client.onReadyChange(() => lookAgain());
  while (!client.ready(node)) await new Promise<void>((resolve) => (lookAgain = resolve));
}

function progressOf(all: Map<string, Progress>, { producer, epoch }: PlannedBatch): Progress {
  const whose = `${producer}/${epoch}`;
  let progress = all.get(whose);
  if (progress === undefined) all.set(whose, (progress = { next: 0, taken: [] }));
  return progress;
}

function sequenceOf({ sequence }: PlannedBatch, { next, taken }: Progress): number {
  switch (sequence.is) {
    case 'next':
      return (next + sequence.plus + SEQUENCES) % SEQUENCES;
    case 'again':
    case 'of-earlier':
      return taken[taken.length - sequence.ago]?.sequence ?? next;
    case 'exactly':
      return sequence.sequence;
  }
}

function earlier({ sequence }: PlannedBatch, { taken }: Progress): Progress['taken'][number] | undefined {
  return sequence.is === 'again' ? taken[taken.length - sequence.ago] : undefined;
}

function note(progress: Progress, planned: PlannedBatch, sequence: number, bytes: Buffer): void {
  if (earlier(planned, progress) !== undefined) return;
  progress.next = (sequence + planned.records.length) % SEQUENCES;
  progress.taken.push({ sequence, bytes });
}

function comparable({ partitions }: ProduceResponse, partition: number): Compared | null {
  const found = partitions.find((one) => one.partition === partition);
  if (found === undefined) return null;
  const { errorCode, baseOffset, logAppendTimeMs } = found;
  return { errorCode, baseOffset, ...textsOf(found), logAppendTimeMs: timeOf(logAppendTimeMs) };
}

/** Messages name times, topics and Java objects: only their words are compared. */
function textsOf({ errorMessage, recordErrors }: PartitionProduceResponse) {
  const words = (text: string | null) =>
    text?.replace(/-?\d+/g, '#').replace(/message (?:DefaultRecord|Partial).*?\)\)?\./, 'message.') ?? null;
  return {
    errorMessage: words(errorMessage),
    recordErrors: recordErrors.map(({ batchIndex, message }) => ({ batchIndex, message: words(message) })),
  };
}

function timeOf(ms: number): number | 'now' {
  return Math.abs(Date.now() - ms) < SAME_TIME_MS ? 'now' : ms;
}

function same(a: Compared | null, b: Compared | null): boolean {
  return inWords(a) === inWords(b);
}

export function inWords(compared: unknown): string {
  return JSON.stringify(compared, (_key, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
}

/**
 * Byte by byte, but for the broker's time, which is part of the checksum. A batch that the broker has compressed anew has the
 * bytes of Java's codec: then what is in it is compared.
 */
function sameBatch(theirs: Buffer, mine: Buffer): boolean {
  if (withoutTime(theirs).equals(withoutTime(mine))) return true;
  const rebuilt = !theirs.subarray(BATCH_HEADER_SIZE).equals(mine.subarray(BATCH_HEADER_SIZE));
  return rebuilt && inWords(content(theirs)) === inWords(content(mine));
}

function withoutTime(bytes: Buffer): Buffer {
  const isNow = timeOf(Number(bytes.readBigInt64BE(BatchOffset.maxTimestamp))) === 'now';
  if (!isNow) return bytes;
  const copy = Buffer.from(bytes);
  copy.fill(0, BatchOffset.maxTimestamp, BatchOffset.producerId);
  copy.fill(0, BatchOffset.crc, BatchOffset.attributes);
  return copy;
}

function content(bytes: Buffer): unknown {
  const [batch] = decodeRecordBatches(bytes);
  const { baseOffset, partitionLeaderEpoch, compressionType, timestampType, producerId, recordCount } =
    batch!;
  const { producerEpoch, baseSequence, lastOffset } = batch!;
  const records = batch!.records().map(({ offset, timestamp, key, value, headers }) => ({
    offset,
    timestamp: timeOf(timestamp),
    key: key?.toString() ?? null,
    value: value?.toString() ?? null,
    headers: headers.map((header) => [header.key, header.value?.toString() ?? null]),
  }));
  return {
    baseOffset,
    lastOffset,
    partitionLeaderEpoch,
    compressionType,
    timestampType,
    producerId,
    producerEpoch,
    baseSequence,
    recordCount,
    records,
  };
}

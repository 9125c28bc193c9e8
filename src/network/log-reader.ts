import { errorForCode } from '../protocol/error-codes';
import { IllegalStateError } from '../protocol/errors';
import { decodeRecordBatches } from '../protocol/record-batch-decoder';
import type { DecodedRecord, DecodedRecordBatch } from '../protocol/record-batch-decoder';
import type { KafkaAddress } from './connection-options';
import { parseBootstrapServers } from './connection-options';
import { KafkaJsConnection } from './kafkajs-internals';
import { NetworkFailure } from './network-client';
import * as protocol from '../protocol/requests';

export type { DecodedRecord, DecodedRecordBatch } from '../protocol/record-batch-decoder';

const LATEST = -1n;
const EARLIEST = -2n;
const SETUP_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_FETCH_BYTES = 8 * 1024 * 1024;
/** A leader that has just moved or started is given this many tries, with a pause in between. */
const ATTEMPTS = 30;
const RETRY_PAUSE_MS = 200;

export interface ReadPartitionOptions {
  readonly topic: string;
  readonly partition: number;
  /** Default: the first offset that is still there. */
  readonly fromOffset?: bigint;
}

/**
 * Reads what the brokers stored, batch by batch, with the headers that consumers keep to themselves: producer id, epoch,
 * sequence, codec, control batches. Uncommitted transactions are read too. Close it after use.
 */
export class LogReader {
  readonly #kafka: KafkaAddress;
  /** Promises, so that reads of several partitions at once share the connection that the first of them opens. */
  readonly #connections = new Map<string, Promise<KafkaJsConnection>>();
  #closed = false;

  constructor(kafka: KafkaAddress) {
    this.#kafka = kafka;
  }

  /** All record batches up to the end of the partition as it was when the call was made, in order. */
  async readPartition({ topic, partition, fromOffset }: ReadPartitionOptions): Promise<DecodedRecordBatch[]> {
    const end = await this.#offset(topic, partition, LATEST);
    const batches: DecodedRecordBatch[] = [];
    let next = fromOffset ?? (await this.#offset(topic, partition, EARLIEST));
    while (next < end) {
      const fetched = await this.#fetch(topic, partition, next);
      if (fetched.length === 0) {
        throw new NetworkFailure(
          `The broker returned nothing for ${topic}-${partition} from offset ${next}, although it ends at ${end}.`,
        );
      }
      batches.push(...fetched);
      next = fetched[fetched.length - 1]!.lastOffset + 1n;
    }
    return batches;
  }

  /** The records of a partition in the order of the log, without the marks that transactions leave. */
  async readLog(options: ReadPartitionOptions): Promise<DecodedRecord[]> {
    const batches = await this.readPartition(options);
    const records = batches.filter(({ isControl }) => !isControl).flatMap((batch) => batch.records());
    const { fromOffset } = options;
    return fromOffset === undefined ? records : records.filter(({ offset }) => offset >= fromOffset);
  }

  /** For each partition the offset that the next record will get, by partition number. */
  async endOffsets(topic: string): Promise<bigint[]> {
    const partitions = await this.#retrying(async () => (await this.#metadataOf(topic)).partitions);
    return Promise.all(partitions.map(({ partition }) => this.#offset(topic, partition, LATEST)));
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.values()) {
      connection.then(
        (open) => open.destroy(),
        () => {}, // whoever asked for it has the error
      );
    }
    this.#connections.clear();
  }

  #offset(topic: string, partition: number, which: typeof LATEST | typeof EARLIEST): Promise<bigint> {
    return this.#retrying(async () => {
      const leader = await this.#leader(topic, partition);
      const payload = await leader.request(
        protocol.encodeListOffset(topic, partition, which),
        REQUEST_TIMEOUT_MS,
      );
      const { errorCode, offset } = protocol.decodeListOffset(payload!);
      if (errorCode !== 0) throw errorForCode(errorCode, `Asking for the offsets of ${topic}-${partition}`);
      return offset;
    });
  }

  #fetch(topic: string, partition: number, fromOffset: bigint): Promise<DecodedRecordBatch[]> {
    return this.#retrying(async () => {
      const leader = await this.#leader(topic, partition);
      const request = protocol.encodeFetch({
        topic,
        partition,
        fromOffset,
        maxBytes: MAX_FETCH_BYTES,
        maxWaitMs: 1000,
      });
      const { errorCode, records } = protocol.decodeFetch(
        (await leader.request(request, REQUEST_TIMEOUT_MS))!,
      );
      if (errorCode !== 0)
        throw errorForCode(errorCode, `Reading ${topic}-${partition} from offset ${fromOffset}`);
      // The broker stores batches whole: the first may begin before the offset that was asked for.
      return decodeRecordBatches(records, { partialTail: 'ignore' }).filter(
        ({ lastOffset }) => lastOffset >= fromOffset,
      );
    });
  }

  async #leader(topic: string, partition: number): Promise<KafkaJsConnection> {
    const { partitions, brokers } = await this.#metadataOf(topic);
    const leader = partitions.find((candidate) => candidate.partition === partition)?.leader;
    if (leader === undefined) throw errorForCode(3, `Reading ${topic}-${partition}`);
    const broker = brokers.find(({ id }) => id === leader);
    if (broker === undefined) throw errorForCode(5, `Reading ${topic}-${partition}`);
    return this.#connect(broker);
  }

  async #metadataOf(topic: string) {
    const connection = await this.#anyConnection();
    const payload = await connection.request(protocol.encodeMetadata([topic], false), REQUEST_TIMEOUT_MS);
    const { brokers, topics } = protocol.decodeMetadata(payload!);
    const found = topics.find((candidate) => candidate.topic === topic);
    const errorCode = found === undefined ? 3 : found.errorCode;
    if (found === undefined || errorCode !== 0) throw errorForCode(errorCode, `Looking up topic ${topic}`);
    return { brokers, partitions: found.partitions };
  }

  async #anyConnection(): Promise<KafkaJsConnection> {
    const [open] = this.#connections.values();
    if (open !== undefined) return open;
    let failure: unknown;
    for (const address of parseBootstrapServers(this.#kafka.bootstrapServers)) {
      try {
        return await this.#connect(address);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #connect({ host, port }: { host: string; port: number }): Promise<KafkaJsConnection> {
    const address = `${host}:${port}`;
    const known = this.#connections.get(address);
    if (known !== undefined) return known;
    if (this.#closed)
      return Promise.reject(new IllegalStateError('This log reader is closed: make a new one.'));
    const forget = (): void => {
      if (this.#connections.get(address) === connection) this.#connections.delete(address);
    };
    const connection = KafkaJsConnection.open(
      { host, port },
      {
        ...this.#kafka.connection,
        clientId: 'log-reader',
        setupTimeoutMs: SETUP_TIMEOUT_MS,
        onClosed: forget,
      },
    );
    connection.catch(forget);
    this.#connections.set(address, connection);
    return connection;
  }

  /** Tries again what a moving leader or a restarting broker explains; everything else is thrown at once. */
  async #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    for (let left = ATTEMPTS; ; left--) {
      try {
        return await attempt();
      } catch (error) {
        const retriable =
          error instanceof NetworkFailure || (error as { retriable?: boolean }).retriable === true;
        if (!retriable || left <= 1) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
  }
}

/** `LogReader.readPartition` for one call. */
export function readPartition(
  kafka: KafkaAddress,
  options: ReadPartitionOptions,
): Promise<DecodedRecordBatch[]> {
  return using(kafka, (reader) => reader.readPartition(options));
}

/** `LogReader.readLog` for one call. */
export function readLog(kafka: KafkaAddress, options: ReadPartitionOptions): Promise<DecodedRecord[]> {
  return using(kafka, (reader) => reader.readLog(options));
}

/** `LogReader.endOffsets` for one call. */
export function endOffsets(kafka: KafkaAddress, topic: string): Promise<bigint[]> {
  return using(kafka, (reader) => reader.endOffsets(topic));
}

async function using<T>(kafka: KafkaAddress, read: (reader: LogReader) => Promise<T>): Promise<T> {
  const reader = new LogReader(kafka);
  try {
    return await read(reader);
  } finally {
    reader.close();
  }
}

import type tls from 'node:tls';
import { errorForCode } from '../protocol/error-codes';
import { AuthenticationError, IllegalStateError } from '../protocol/errors';
import { decodeRecordBatches } from '../protocol/record-batch-decoder';
import type { DecodedRecord, DecodedRecordBatch } from '../protocol/record-batch-decoder';
import type { KafkaAddress } from './connection-options';
import { parseBootstrapServers, tlsOptions } from './connection-options';
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
  readonly #tls: tls.ConnectionOptions | null;
  /** By `host:port`, open or about to be: reads of several partitions at once share the connection that the first of them opens. */
  readonly #connections = new Map<string, KafkaJsConnection>();
  #closed = false;

  /** Throws a ConfigError for certificates and keys that cannot be used. */
  constructor(kafka: KafkaAddress) {
    this.#kafka = kafka;
    this.#tls = tlsOptions(kafka.connection?.ssl);
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
    for (const connection of this.#connections.values())
      connection.destroy(new Error('the log reader was closed'));
    this.#connections.clear();
  }

  #offset(topic: string, partition: number, which: typeof LATEST | typeof EARLIEST): Promise<bigint> {
    return this.#retrying(async () => {
      const leader = await this.#leader(topic, partition);
      const request = protocol.encodeListOffset(topic, partition, which);
      const { errorCode, offset } = await leader.ask(request, REQUEST_TIMEOUT_MS, protocol.decodeListOffset);
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
      const { errorCode, records } = await leader.ask(request, REQUEST_TIMEOUT_MS, protocol.decodeFetch);
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
    const request = protocol.encodeMetadata([topic], false);
    const { brokers, topics } = await connection.ask(request, REQUEST_TIMEOUT_MS, protocol.decodeMetadata);
    const found = topics.find((candidate) => candidate.topic === topic);
    const errorCode = found === undefined ? 3 : found.errorCode;
    if (found === undefined || errorCode !== 0) throw errorForCode(errorCode, `Looking up topic ${topic}`);
    return { brokers, partitions: found.partitions };
  }

  async #anyConnection(): Promise<KafkaJsConnection> {
    const [open] = this.#connections.values();
    if (open !== undefined) return this.#signedIn(open);
    let failure: unknown;
    for (const address of parseBootstrapServers(this.#kafka.bootstrapServers)) {
      try {
        return await this.#connect(address);
      } catch (error) {
        failure = error;
        if (error instanceof AuthenticationError) break;
      }
    }
    throw failure;
  }

  async #connect({ host, port }: { host: string; port: number }): Promise<KafkaJsConnection> {
    const address = `${host}:${port}`;
    const known = this.#connections.get(address);
    if (known !== undefined) return this.#signedIn(known);
    if (this.#closed) throw new IllegalStateError('This log reader is closed: make a new one.');
    const forget = (): void => {
      if (this.#connections.get(address) === connection) this.#connections.delete(address);
    };
    const connection = new KafkaJsConnection(
      { host, port },
      {
        clientId: 'log-reader',
        setupTimeoutMs: SETUP_TIMEOUT_MS,
        tls: this.#tls,
        sasl: this.#kafka.connection?.sasl,
        onClosed: forget,
      },
    );
    this.#connections.set(address, connection);
    try {
      return await this.#signedIn(connection);
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Open, and with a SASL session that lasts. */
  async #signedIn(connection: KafkaJsConnection): Promise<KafkaJsConnection> {
    await connection.open();
    if (connection.needsAuthentication) await connection.authenticate();
    return connection;
  }

  /** Retries what a moving leader or a restarting broker explains; everything else is thrown at once. */
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

import net from 'node:net';
import { API_KEYS, readRequestHeader } from '../../../src/protocol/request-header';
import type { RequestHeader } from '../../../src/protocol/request-header';
import { FrameSplitter } from '../../../src/protocol/frame-splitter';
import {
  readProduceRequest,
  refusal,
  writeProduceRequest,
  writeProduceResponse,
} from '../../../src/protocol/produce-frames';

export interface BatchFields {
  partition?: number;
  producerId?: bigint;
  producerEpoch?: number;
  baseSequence?: number;
  records?: number;
}

/** A Produce request for the topic `orders`, with batches that have a header and no records. */
export function produceFrame(fields: {
  correlationId: number;
  version?: number;
  acks?: number;
  batches?: readonly BatchFields[];
}): Buffer {
  const { correlationId, version = 7, acks = -1, batches = [{}] } = fields;
  const header: RequestHeader = {
    apiKey: API_KEYS.Produce,
    apiVersion: version,
    correlationId,
    clientId: 'test',
    flexible: version >= 9,
  };
  const partitions = batches.map((batch) => ({
    topic: 'orders',
    partition: batch.partition ?? 0,
    records: batchHeader(batch),
  }));
  return writeProduceRequest(header, { transactionalId: null, acks, timeoutMs: 1000, partitions });
}

function batchHeader({ producerId = -1n, producerEpoch = -1, baseSequence = -1, records = 1 }: BatchFields) {
  const bytes = Buffer.alloc(61);
  bytes.writeInt32BE(61 - 12, 8);
  bytes.writeInt8(2, 16);
  bytes.writeBigInt64BE(producerId, 43);
  bytes.writeInt16BE(producerEpoch, 51);
  bytes.writeInt32BE(baseSequence, 53);
  bytes.writeInt32BE(records, 57);
  return bytes;
}

/** Takes frames and answers each Produce with success at offset 0, or as `answer` says. */
export class ScriptedBroker {
  readonly frames: Buffer[] = [];
  answer: ((header: RequestHeader) => Buffer) | null = null;
  readonly #sockets = new Set<net.Socket>();
  readonly #server: net.Server;
  #held: (() => void)[] | null = null;
  #onFrame = () => {};

  private constructor() {
    this.#server = net.createServer((socket) => {
      const splitter = new FrameSplitter();
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        for (const frame of splitter.push(chunk)) this.#take(Buffer.from(frame), socket);
      });
    });
  }

  static async start(): Promise<ScriptedBroker> {
    const broker = new ScriptedBroker();
    await new Promise<void>((resolve) => broker.#server.listen(0, '127.0.0.1', resolve));
    return broker;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  holdAnswers(): void {
    this.#held = [];
  }

  releaseAnswers(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const answer of held) answer();
  }

  async received(count: number): Promise<void> {
    while (this.frames.length < count) await new Promise<void>((resolve) => (this.#onFrame = resolve));
  }

  /** Resolves when every connection to this broker has ended. */
  async allClosed(): Promise<void> {
    for (const socket of [...this.#sockets]) {
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(frame: Buffer, socket: net.Socket): void {
    this.frames.push(frame);
    const header = readRequestHeader(frame);
    const answer = () => {
      if (this.answer !== null) return void socket.write(this.answer(header));
      const { acks, partitions } = readProduceRequest(frame);
      if (acks === 0) return;
      const answers = partitions.map(({ topic, partition }) => ({
        ...refusal(topic, partition, 0),
        baseOffset: 0n,
      }));
      socket.write(writeProduceResponse(header, { partitions: answers, throttleTimeMs: 0 }));
    };
    if (this.#held === null) answer();
    else this.#held.push(answer);
    this.#onFrame();
  }
}

/** Sends frames and takes responses in the order in which they come. */
export class FrameClient {
  readonly #responses: Buffer[] = [];
  #onResponse = () => {};
  readonly closed: Promise<unknown>;

  private constructor(private readonly socket: net.Socket) {
    const splitter = new FrameSplitter();
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.#responses.push(...splitter.push(chunk));
      this.#onResponse();
    });
  }

  static connect(address: string): Promise<FrameClient> {
    const [host, port] = address.split(':');
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host, port: Number(port) });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new FrameClient(socket)));
    });
  }

  /** Responses that have come and were not asked for yet. */
  get waiting(): number {
    return this.#responses.length;
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  async response(): Promise<Buffer> {
    while (this.#responses.length === 0) await new Promise<void>((resolve) => (this.#onResponse = resolve));
    return this.#responses.shift() as Buffer;
  }

  end(): void {
    this.socket.destroy();
  }
}

import { once } from 'node:events';
import net from 'node:net';
import { FrameSplitter } from '../../src/protocol/frame-splitter';
import { API_KEYS, readRequestHeader, startResponse } from '../../src/protocol/request-header';
import type { RequestHeader } from '../../src/protocol/request-header';
import type { BrokerNode } from '../../src/protocol/messages';
import type { WireWriter } from '../../src/protocol/wire';

/** What comes back for a request: bytes, a closed connection, or nothing ever. */
export type Reply = Buffer | 'close' | 'silence';
type Handler = (header: RequestHeader) => Reply | Promise<Reply>;

const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;

/** Takes connections as a broker does, and responds as a test wants it: also what no broker should. */
export class FakeBroker {
  readonly requests: RequestHeader[] = [];
  readonly #handlers = new Map<number, Handler>();
  readonly #sockets = new Set<net.Socket>();
  readonly #server: net.Server;
  #connections = 0;
  #changed = () => {};

  private constructor() {
    this.#server = net.createServer((socket) => this.#accept(socket));
    this.on(API_KEYS.ApiVersions, (header) => versions(header));
  }

  static async start(): Promise<FakeBroker> {
    const broker = new FakeBroker();
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** As metadata names it. */
  node(id = 1): BrokerNode {
    return { id, host: '127.0.0.1', port: this.port };
  }

  /** How many were accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  on(apiKey: number, handler: Handler): void {
    this.#handlers.set(apiKey, handler);
  }

  /** Resolves when the condition holds; it is looked at whenever a connection or a request comes or a connection goes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: net.Socket): void {
    const splitter = new FrameSplitter();
    this.#connections++;
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#changed();
    });
    socket.on('data', (chunk) => {
      for (const frame of splitter.push(chunk)) void this.#take(readRequestHeader(frame), socket);
    });
    this.#changed();
  }

  async #take(header: RequestHeader, socket: net.Socket): Promise<void> {
    this.requests.push(header);
    this.#changed();
    const reply = (await this.#handlers.get(header.apiKey)?.(header)) ?? 'silence';
    if (reply === 'close') socket.end();
    else if (reply !== 'silence') socket.write(reply);
  }
}

export function respond(header: RequestHeader, write: (writer: WireWriter) => void): Buffer {
  const writer = startResponse(header);
  write(writer);
  return writer.tags().frame();
}

/** By default what kafkajs and our own requests need. */
export function versions(
  header: RequestHeader,
  ranges: Readonly<Record<number, readonly [number, number]>> = {},
): Buffer {
  const all = {
    [API_KEYS.Produce]: [3, 12],
    [API_KEYS.Fetch]: [4, 17],
    [API_KEYS.ListOffsets]: [1, 10],
    [API_KEYS.Metadata]: [0, 13],
    [SASL_HANDSHAKE]: [0, 1],
    [API_KEYS.ApiVersions]: [0, 4],
    [API_KEYS.InitProducerId]: [0, 5],
    [SASL_AUTHENTICATE]: [0, 2],
    ...ranges,
  };
  return respond(header, (writer) => {
    writer.int16(0).array(Object.entries(all), ([apiKey, [min, max]]) => {
      writer.int16(Number(apiKey)).int16(min!).int16(max!);
    });
    writer.int32(0);
  });
}

/** A Metadata response of version 12 without topics. */
export function metadata(header: RequestHeader, brokers: readonly BrokerNode[], throttleTimeMs = 0): Buffer {
  return respond(header, (writer) => {
    writer.int32(throttleTimeMs).array(brokers, ({ id, host, port }) => {
      writer.int32(id).string(host).int32(port).string(null).tags();
    });
    writer
      .string(null)
      .int32(-1)
      .array([], () => {});
  });
}

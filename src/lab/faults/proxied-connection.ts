import type { Socket } from 'node:net';
import type { Clock } from '../../support/clock';
import { concerns, seenBatches } from './fault-rules';
import type { Fault, FaultRule, RequestFate, SeenRequest } from './fault-rules';
import { addressesIn } from '../../protocol/address-frames';
import type { Address, NamedBroker } from '../../protocol/address-frames';
import {
  API_KEYS,
  limitVersions,
  readRequestHeader,
  writeInitProducerIdError,
} from '../../protocol/request-header';
import type { RequestHeader, RequestKind } from '../../protocol/request-header';
import { FrameSplitter } from '../../protocol/frame-splitter';
import {
  readProduceRequest,
  readProduceResponse,
  refusal,
  writeProduceRequest,
  writeProduceResponse,
} from '../../protocol/produce-frames';
import type { ProduceRequestBody } from '../../protocol/produce-frames';

/** What a connection needs of its proxy. */
export interface ProxySide {
  readonly clock: Clock;
  /** Numbers and reports the request, and says which fault is due. */
  register(request: Omit<Mutable<SeenRequest>, 'number' | 'node' | 'atMs'>): {
    readonly request: Mutable<SeenRequest>;
    readonly rule: FaultRule | null;
  };
  done(fault: Fault, request: SeenRequest): void;
  /** The proxy's own address for a broker that a response names. */
  addressFor(broker: NamedBroker): Promise<Address>;
  /** The proxy could not make sense of what came by: an experiment that goes on would prove nothing. */
  failed(error: Error): void;
  /** Resolves at once, except while the proxy holds everything back. */
  untilOpen(): Promise<void>;
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Pending {
  readonly header: RequestHeader;
  readonly request: Mutable<SeenRequest>;
  readonly rule: FaultRule | null;
  /** Partitions that the broker was not shown, and that are refused in its answer. */
  readonly withheld: ProduceRequestBody['partitions'];
}

const KINDS = new Map<number, RequestKind>(
  Object.entries(API_KEYS).map(([kind, apiKey]) => [apiKey, kind as RequestKind]),
);

/** One client's connection through the proxy. Both directions keep their order, so a delay holds up what comes behind it. */
export class ProxiedConnection {
  readonly #pending = new Map<number, Pending>();
  readonly #cancelWaits = new Set<() => void>();
  #closed = false;
  readonly ended: Promise<void>;

  constructor(
    private readonly proxy: ProxySide,
    private readonly number: number,
    private readonly client: Socket,
    private readonly broker: Socket,
  ) {
    for (const socket of [client, broker]) {
      socket.setNoDelay();
      // What went wrong shows at the other end: the connection breaks there as well.
      socket.on('error', () => this.kill());
      socket.on('close', () => this.kill());
    }
    this.ended = Promise.all([
      this.#pump(client, (frame) => this.#onRequest(frame)),
      this.#pump(broker, (frame) => this.#onResponse(frame)),
    ]).then(() => undefined);
  }

  /** Breaks both sides. */
  kill(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.client.destroy();
    this.broker.destroy();
    for (const { request } of this.#pending.values()) setFate(request, 'answer-lost');
    this.#pending.clear();
    for (const cancel of [...this.#cancelWaits]) cancel();
  }

  /** Frames of one direction, one after the other. Reading stops while one is held back, which is what fills the sender's socket. */
  async #pump(socket: Socket, handle: (frame: Buffer) => Promise<void>): Promise<void> {
    const splitter = new FrameSplitter();
    try {
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        const failure = await this.#handleAll(chunk, splitter, handle);
        if (failure !== null) this.proxy.failed(failure);
        if (failure !== null || this.#closed) break;
      }
    } catch {
      // The socket broke: the client sees it too, since the other side is broken with it.
    }
    this.kill();
  }

  async #handleAll(
    chunk: Buffer,
    splitter: FrameSplitter,
    handle: (frame: Buffer) => Promise<void>,
  ): Promise<Error | null> {
    try {
      for (const frame of splitter.push(chunk)) {
        if (this.#closed) return null;
        await handle(frame);
      }
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  async #onRequest(frame: Buffer): Promise<void> {
    const header = readRequestHeader(frame);
    const produce = header.apiKey === API_KEYS.Produce ? readProduceRequest(frame) : null;
    const { request, rule } = this.proxy.register({
      connection: this.number,
      kind: KINDS.get(header.apiKey) ?? header.apiKey,
      apiVersion: header.apiVersion,
      correlationId: header.correlationId,
      clientId: header.clientId,
      sizeInBytes: frame.length,
      acks: produce?.acks ?? null,
      batches: (produce?.partitions ?? []).flatMap(({ topic, partition, records }) =>
        seenBatches(topic, partition, records),
      ),
      fate: 'waiting',
    });
    await this.proxy.untilOpen();
    if (this.#closed) return setFate(request, 'not-delivered');
    const fault = rule?.fault;
    if (rule !== null && fault !== undefined) {
      if (fault.kind === 'kill-before-write') {
        setFate(request, 'not-delivered');
        this.proxy.done(fault, request);
        return this.kill();
      }
      if (fault.kind === 'refuse') return this.#refuse({ header, frame, request, rule, produce });
      const waitMs = delayOf(fault, frame.length);
      if (waitMs !== null) {
        this.proxy.done(fault, request);
        await this.#wait(waitMs);
      }
    }
    await this.#forward(frame, { header, request, rule, withheld: [] });
  }

  async #forward(frame: Buffer, pending: Pending): Promise<void> {
    const { header, request } = pending;
    if (this.#closed) return setFate(request, 'not-delivered');
    if (request.acks === 0) setFate(request, 'no-answer-due');
    else this.#pending.set(header.correlationId, pending);
    await write(this.broker, frame);
  }

  async #refuse(refused: {
    header: RequestHeader;
    frame: Buffer;
    request: Mutable<SeenRequest>;
    rule: FaultRule;
    produce: ProduceRequestBody | null;
  }): Promise<void> {
    const { header, request, rule, produce } = refused;
    const { errorCode } = rule.fault as Extract<Fault, { kind: 'refuse' }>;
    this.proxy.done(rule.fault, request);
    if (produce === null) {
      setFate(request, 'refused');
      return write(this.client, writeInitProducerIdError(header, errorCode));
    }
    const withheld = produce.partitions.filter((one) => concerns(rule, one));
    const shown = produce.partitions.filter((one) => !concerns(rule, one));
    if (shown.length > 0) {
      const frame = writeProduceRequest(header, { ...produce, partitions: shown });
      return this.#forward(frame, { header, request, rule, withheld });
    }
    setFate(request, 'refused');
    // A broker that cannot answer an error (acks=0) breaks the connection instead.
    if (produce.acks === 0) return this.kill();
    const partitions = withheld.map(({ topic, partition }) => refusal(topic, partition, errorCode));
    return write(this.client, writeProduceResponse(header, { partitions, throttleTimeMs: 0 }));
  }

  async #onResponse(frame: Buffer): Promise<void> {
    const correlationId = frame.readInt32BE(4);
    const pending = this.#pending.get(correlationId);
    if (pending === undefined) return write(this.client, frame);
    const { request, rule } = pending;
    await this.proxy.untilOpen();
    if (this.#closed) return;
    const fault = rule?.fault;
    if (fault?.kind === 'drop-response' || fault?.kind === 'kill-after-write') {
      this.#pending.delete(correlationId);
      setFate(request, 'answer-lost');
      this.proxy.done(fault, request);
      return fault.kind === 'kill-after-write' ? this.kill() : undefined;
    }
    if (fault?.kind === 'delay-response') {
      this.proxy.done(fault, request);
      await this.#wait(fault.ms);
    }
    const answer = await this.#rewritten(frame, pending);
    if (this.#closed) return;
    this.#pending.delete(correlationId);
    setFate(request, 'answered');
    await write(this.client, answer);
  }

  /** The response as the client shall see it: with the proxy's addresses, and with what a fault changes. */
  async #rewritten(frame: Buffer, pending: Pending): Promise<Buffer> {
    const { header } = pending;
    if (header.apiKey === API_KEYS.ApiVersions) return limitVersions(frame, header);
    const response = header.apiKey === API_KEYS.Produce ? this.#faulty(frame, pending) : frame;
    const list = addressesIn(response, header);
    if (list === null) return response;
    return list.replace(await Promise.all(list.brokers.map((broker) => this.proxy.addressFor(broker))));
  }

  /** A Produce response with what a fault changes; all else in it stays. */
  #faulty(frame: Buffer, { header, request, rule, withheld }: Pending): Buffer {
    const fault = rule?.fault;
    if (rule !== null && fault?.kind === 'replace-answer') {
      this.proxy.done(fault, request);
      const response = readProduceResponse(frame, header);
      const partitions = response.partitions.map((one) =>
        concerns(rule, one) ? refusal(one.topic, one.partition, fault.errorCode) : one,
      );
      return writeProduceResponse(header, { ...response, partitions });
    }
    if (withheld.length > 0 && fault?.kind === 'refuse') {
      const response = readProduceResponse(frame, header);
      const refused = withheld.map((one) => refusal(one.topic, one.partition, fault.errorCode));
      return writeProduceResponse(header, { ...response, partitions: [...response.partitions, ...refused] });
    }
    return frame;
  }

  /** Ends early when the connection does. */
  #wait(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        this.#cancelWaits.delete(end);
        cancelTimer();
        resolve();
      };
      const cancelTimer = this.proxy.clock.after(ms, end);
      this.#cancelWaits.add(end);
    });
  }
}

/** A fate once decided stays: a connection that breaks later changes nothing about it. */
function setFate(request: Mutable<SeenRequest>, fate: RequestFate): void {
  if (request.fate === 'waiting') request.fate = fate;
}

function delayOf(fault: Fault, sizeInBytes: number): number | null {
  if (fault.kind === 'delay-request') return fault.ms;
  return fault.kind === 'throttle' ? (sizeInBytes * 1000) / fault.bytesPerSecond : null;
}

/** Resolves when there is room for more, so that a reader that is slower than the writer slows it down. */
function write(socket: Socket, frame: Buffer): Promise<void> {
  if (socket.destroyed || socket.write(frame)) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      socket.off('drain', end);
      socket.off('close', end);
      resolve();
    };
    socket.on('drain', end);
    socket.on('close', end);
  });
}

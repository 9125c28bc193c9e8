/* eslint-disable no-restricted-imports -- describes these modules, and imports none of them at run time */
// What kafkajs-internals.ts uses of kafkajs 2.2.4's own modules, which the package ships without types.

declare module 'kafkajs/src/network/requestQueue' {
  interface QueueEntry {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    readonly resolve: (response: { payload: Buffer | null }) => void;
    readonly reject: (error: Error) => void;
  }
  interface QueuedRequest {
    readonly entry: QueueEntry;
    readonly expectResponse: boolean;
    readonly requestTimeout: number;
    readonly sendRequest: () => void;
  }
  class RequestQueue {
    readonly pending: readonly unknown[];
    readonly inflight: ReadonlyMap<number, unknown>;
    push(request: QueuedRequest): void;
    fulfillRequest(response: { size: number; correlationId: number; payload: Buffer }): void;
    destroy(): void;
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
  export = RequestQueue;
}

declare module 'kafkajs/src/network/connectionPool' {
  import type { Socket } from 'node:net';
  import type RequestQueue from 'kafkajs/src/network/requestQueue';

  interface Connection {
    readonly socket: Socket | undefined;
    readonly requestQueue: RequestQueue;
    readonly sasl: object | null;
    /** Milliseconds; 0 for a session without end. */
    readonly sessionLifetime: { toNumber(): number };
    /** How many milliseconds before the end of its session it counts as not authenticated. */
    reauthenticationThreshold: number;
    connectionStatus: string;
    connect(): Promise<unknown>;
    send(request: object): Promise<unknown>;
    processData(chunk: Buffer): void;
    nextCorrelationId(): number;
    isAuthenticated(): boolean;
    authenticate(): Promise<void>;
    rejectRequests(error: Error): void;
  }
  class ConnectionPool {
    constructor(options: object);
    readonly pool: readonly Connection[];
  }
  export = ConnectionPool;
}

declare module 'kafkajs/src/broker' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool';

  class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: object; nodeId: number | null });
    readonly versions: Record<number, { minVersion: number; maxVersion: number }> | null;
    connect(): Promise<void>;
  }
  export = Broker;
}

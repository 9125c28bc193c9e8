import { connect } from 'node:net';

/** `gone`: nobody listens there. `silent`: somebody accepts a connection and does not respond as a broker does. */
export type BrokerState = 'responding' | 'gone' | 'silent';

const RESPONDS_WITHIN_MS = 2000;
const CORRELATION_ID = 0x6b66;

/** ApiVersions version 0, which every Kafka broker responds to, before anybody has logged in. */
function apiVersionsRequest(): Buffer {
  const request = Buffer.alloc(14);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(18, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(CORRELATION_ID, 8);
  request.writeInt16BE(-1, 12); // no client id
  return request;
}

export interface AskBrokerOptions {
  readonly withinMs?: number;
  /** Behind TLS only the connection itself is looked at. */
  readonly tls?: boolean;
}

/** Asks one broker whether it is one. Another program may have been given the port of a broker that has ended. */
export function brokerState(
  server: string,
  { withinMs = RESPONDS_WITHIN_MS, tls = false }: AskBrokerOptions = {},
): Promise<BrokerState> {
  const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(server) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const timer = setTimeout(() => settle('silent'), withinMs);
    let connected = false;
    let received = Buffer.alloc(0);
    const settle = (state: BrokerState) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(state);
    };
    socket.on('connect', () => {
      connected = true;
      if (tls) settle('responding');
      else socket.write(apiVersionsRequest());
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 8) settle(received.readInt32BE(4) === CORRELATION_ID ? 'responding' : 'silent');
    });
    socket.on('error', () => settle(connected ? 'silent' : 'gone')).on('close', () => settle('silent'));
  });
}

/** Whether at least one of the servers, comma-separated, is a broker that responds. */
export async function anyResponds(bootstrapServers: string, options?: AskBrokerOptions): Promise<boolean> {
  const states = await Promise.all(bootstrapServers.split(',').map((server) => brokerState(server, options)));
  return states.includes('responding');
}

import net from 'node:net';
import tls from 'node:tls';
import type { HostAndPort } from './connection-options';

export interface BrokerSocketOptions extends HostAndPort {
  readonly ssl: tls.ConnectionOptions | null;
  readonly onConnect: () => void;
}

const KEEP_ALIVE_DELAY_MS = 60_000;
/** The first two bytes of a TLS alert. As the length of a response they would mean 352 MB. */
const TLS_ALERT = [0x15, 0x03];

/** kafkajs's own leaves Nagle's algorithm on, which holds a small request back for up to 40 ms. */
export function createBrokerSocket({ host, port, ssl, onConnect }: BrokerSocketOptions): net.Socket {
  const servername = net.isIP(host) === 0 ? { servername: host } : {};
  const socket =
    ssl === null
      ? net.connect({ host, port }, onConnect)
      : tls.connect({ host, port, ...servername, ...ssl }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  return socket;
}

/** In one system call, without joining the parts first. */
export function writeParts(
  socket: net.Socket,
  parts: readonly Buffer[],
  written: (error?: Error | null) => void,
): void {
  socket.cork();
  for (let index = 0; index < parts.length - 1; index++) socket.write(parts[index]!);
  socket.write(parts[parts.length - 1]!, written);
  socket.uncork();
}

/** What a broker sends on a TLS port to a client that does not speak TLS. */
export function isTlsAlert(chunk: Buffer): boolean {
  return TLS_ALERT.every((byte, index) => chunk[index] === byte);
}

import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface CuttableProxy {
  readonly address: string;
  /** From now on nothing comes back; `cut()` ends this. */
  holdAnswers(): void;
  /** Resolves when an answer of the broker is being held. */
  somethingHeld(): Promise<void>;
  /** Ends every connection at once, and lets new ones through. */
  cut(): void;
  close(): Promise<void>;
}

/** Stands between a client and one broker, so that a connection can break with a request on its way. */
export async function cuttableProxy(target: string): Promise<CuttableProxy> {
  const [host, port] = target.split(':') as [string, string];
  const sockets = new Set<Socket>();
  let holding = false;
  let reportHeld = () => {};
  const held = new Promise<void>((resolve) => (reportHeld = resolve));
  /** Answers to the version exchange pass, so that the client is connected when its own request is held. */
  const server = createServer((client) => {
    const broker = connect({ host, port: Number(port) });
    let answers = 0;
    sockets.add(client).add(broker);
    client.on('data', (chunk) => broker.write(chunk));
    broker.on('data', (chunk) => {
      if (holding && answers++ > 0) reportHeld();
      else client.write(chunk);
    });
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    holding = false;
    sockets.forEach((socket) => socket.destroy());
    sockets.clear();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdAnswers: () => (holding = true),
    somethingHeld: () => held,
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import { UsageError } from '../support/course-error';

/**
 * Below what systems give to outgoing connections (32768 on Linux, 49152 elsewhere): a client that keeps dialling the
 * port of a stopped broker could otherwise be given that very port, and keep the broker from coming back on it.
 */
const FIRST = 15_000;
const LAST = 32_000;

/** Ports on 127.0.0.1 that nobody listens on. Somebody may take one before it is used: be ready to ask again. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(tries < 1000 ? port : 0)) ports.add(port);
  }
  return [...ports];
}

/** The ports from `first` on, or one sentence about the one that another program has. */
export async function fixedPorts(first: number, count: number): Promise<number[]> {
  const ports = Array.from({ length: count }, (_, index) => first + index);
  for (const port of ports) {
    if (port > 65_535)
      throw new UsageError(`--port ${first} leaves no room for ${count} brokers: choose a lower one.`);
    if (!(await isFree(port)))
      throw new UsageError(`Port ${port} is taken: stop what uses it, or choose another with --port.`);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}

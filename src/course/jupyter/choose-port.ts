import { once } from 'node:events';
import { createServer } from 'node:net';
import { UsageError } from '../../support/course-error';

const TRIES = 100;

/** The wanted port, which must then be free, or the first free one from `firstPort` on. On 127.0.0.1 only. */
export async function choosePort(wanted: number | undefined, firstPort: number): Promise<number> {
  if (wanted !== undefined) {
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) {
      throw new UsageError(`--port takes a number from 1 to 65535, and got ${wanted}.`);
    }
    if (await isFree(wanted)) return wanted;
    throw new UsageError(`Port ${wanted} is taken: choose another with --port, or leave --port out.`);
  }
  for (let port = firstPort; port < firstPort + TRIES; port++) {
    if (await isFree(port)) return port;
  }
  throw new UsageError(
    `No port from ${firstPort} to ${firstPort + TRIES - 1} is free: choose one with --port.`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

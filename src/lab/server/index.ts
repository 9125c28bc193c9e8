import { useKafka } from '../../broker/index';
import { CourseError } from '../../support/course-error';
import { DEFAULT_PORT, startLabServer } from './lab-server';

export { startLabServer } from './lab-server';
export type { LabServer, LabServerOptions } from './lab-server';

/** `npm run lab`: serves until Ctrl-C, SIGTERM or SIGHUP; returns once nothing is left running. */
export async function runLabCommand({ port = DEFAULT_PORT }: { port?: number } = {}): Promise<void> {
  const asked = nextSignal();
  const kafka = await useKafka({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  try {
    const server = await startLabServer({ kafka, port }).catch((error: unknown) => {
      throw portTaken(error, port) ?? error;
    });
    try {
      process.stdout.write(
        `The lab is at ${server.url}/ and its API at ${server.url}/docs. Ctrl-C stops it.\n`,
      );
      await asked;
      process.stderr.write('Stopping the lab ...\n');
    } finally {
      await server.close();
    }
  } finally {
    await kafka.stop();
  }
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

function portTaken(error: unknown, port: number): CourseError | null {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return null;
  return new CourseError(
    `Port ${port} is taken: stop what uses it, or choose another with --port.`,
    'PREREQUISITE',
    {
      cause: error,
    },
  );
}

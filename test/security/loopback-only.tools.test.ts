import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { startEmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import { startJupyterLab } from '../../src/course/jupyter/jupyter-lab';
import { coursePath } from '../../src/support/project-paths';
import { ensurePythonEnv } from '../../src/support/python-env';
import { startLab } from '../lab/support/lab-process';
import { commandLinesOf, isLoopback, listenersOf } from './listeners';

const describeLinux = process.platform === 'linux' ? describe : describe.skip;
const reason = process.platform === 'linux' ? '' : ' (skipped: reads /proc)';

/** The listeners of this process and its children; other tests of the same jest worker have ended theirs. */
const ours = () => listenersOf(process.pid);
const ports = (): number[] => ours().map(({ port }) => port);

describeLinux(`what the course listens on${reason}`, () => {
  it('is seen by this test: a listener on all interfaces would be caught', async () => {
    const server = createServer().listen(0, '0.0.0.0');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const seen = ours().find((listener) => listener.port === port);
      expect(seen).toBeDefined();
      expect(isLoopback(seen!)).toBe(false);
    } finally {
      server.close();
    }
  });

  it.each([1, 3] as const)('is this machine only, for %i embedded brokers and the lab', async (brokers) => {
    const kafka = await startEmbeddedKafka({ brokers });
    try {
      const lab = await startLab(kafka);
      try {
        const wanted = [...kafka.bootstrapServers.split(','), lab.url].map((text) =>
          Number(text.split(':').pop()),
        );
        expect(ports()).toEqual(expect.arrayContaining(wanted));
        expect(ours().filter((listener) => !isLoopback(listener))).toEqual([]);
      } finally {
        await lab.stop();
      }
    } finally {
      await kafka.stop();
    }
  });

  it('is this machine only, for JupyterLab; its token is in no command line, no log and no file that others can read', async () => {
    const python = await ensurePythonEnv({ requirements: 'requirements/lab.txt' });
    const lab = await startJupyterLab({ python });
    try {
      const token = new URL(lab.url).searchParams.get('token')!;
      expect(token.length).toBeGreaterThanOrEqual(32);
      expect(ports()).toContain(lab.port);
      expect(ours().filter((listener) => !isLoopback(listener))).toEqual([]);
      const commands = commandLinesOf(process.pid);
      expect(commands.join('\n')).toContain('jupyter');
      expect(commands.filter((command) => command.includes(token))).toEqual([]);
      for (const file of filesWith(token, coursePath('jupyter'))) {
        const closed = [file, path.dirname(file)].some((one) => (fs.statSync(one).mode & 0o077) === 0);
        expect({ file, closed }).toEqual({ file, closed: true });
      }
      expect(fs.readFileSync(coursePath('jupyter', 'jupyter.log'), 'utf8')).not.toContain(token);
    } finally {
      await lab.stop();
    }
  });
});

function filesWith(text: string, folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => fs.readFileSync(file).includes(text));
}

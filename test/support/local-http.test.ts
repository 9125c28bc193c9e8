import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { projectRoot } from '../../src/support/project-paths';

const run = promisify(execFile);

it('reaches a server on this machine also where Node sends every request to a proxy', async () => {
  const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const script = `require('./src/support/typescript-loader.cjs');
      const { requestLocally } = require('./src/support/local-http.ts');
      requestLocally('${url}').then(({ status, text }) => console.log(status, text));`;
    // Port 9 discards: a request that goes to this proxy fails.
    const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' };
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: projectRoot, env });
    expect(stdout.trim()).toBe('200 here');
  } finally {
    server.close();
  }
});

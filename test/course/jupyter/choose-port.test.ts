import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { choosePort } from '../../../src/course/jupyter/choose-port';

const server = createServer();
let taken: number;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  taken = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

test('a port that was asked for and is taken is refused in a sentence', async () => {
  await expect(choosePort(taken, 8888)).rejects.toThrow(`Port ${taken} is taken: choose another with --port`);
});

test('without a wish, the next free port is taken', async () => {
  expect(await choosePort(undefined, taken)).toBeGreaterThan(taken);
});

test.each([[0], [65536], [1.5], [NaN]])('%d is no port', async (port) => {
  await expect(choosePort(port, 8888)).rejects.toThrow(/--port takes a number from 1 to 65535/);
});

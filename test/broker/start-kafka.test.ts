import { createServer } from 'node:net';
import { once } from 'node:events';
import { startKafka, type CourseKafka } from '../../src/broker/index';
import { startEmbeddedKafka } from '../../src/broker/embedded/embedded-kafka';
import { UsageError } from '../../src/support/course-error';
import { freePorts } from '../../src/broker/free-ports';

describe('startKafka', () => {
  const before = process.env['COURSE_BROKER'];

  afterEach(() => {
    if (before === undefined) delete process.env['COURSE_BROKER'];
    else process.env['COURSE_BROKER'] = before;
  });

  it('names the kinds there are when COURSE_BROKER is none of them', async () => {
    process.env['COURSE_BROKER'] = 'foo';
    await expect(startKafka()).rejects.toThrow(
      new UsageError('COURSE_BROKER is "foo": write one of external, testcontainers, embedded, or unset it.'),
    );
  });

  it('runs two brokers side by side', async () => {
    const started = await Promise.allSettled([startEmbeddedKafka(), startEmbeddedKafka()]);
    const brokers = started.flatMap((start) =>
      start.status === 'fulfilled' ? [start.value as CourseKafka] : [],
    );
    try {
      expect(new Set(brokers.map(({ bootstrapServers }) => bootstrapServers)).size).toBe(2);
    } finally {
      await Promise.all(brokers.map((broker) => broker.stop()));
    }
  }, 300_000);

  it('takes another port when the chosen one was taken meanwhile', async () => {
    const [port = 0, controllerPort = 0] = await freePorts(2);
    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    const choosePorts = jest.fn(freePorts).mockResolvedValueOnce([controllerPort, port]);
    try {
      const kafka = await startEmbeddedKafka({ choosePorts });
      await kafka.stop();
      expect(choosePorts).toHaveBeenCalledTimes(2);
      expect(kafka.bootstrapServers).not.toBe(`127.0.0.1:${port}`);
    } finally {
      taken.close();
    }
  }, 300_000);
});

import { startEmbeddedKafka } from '../../../src/broker/embedded/embedded-kafka';
import { runKafkaCommand } from '../../../src/broker/index';

/** A process of its own for tests: holds an embedded broker and prints what it is, or runs `npm run kafka`. */
async function hold([mode, brokers]: string[]): Promise<void> {
  if (mode === 'command') return runKafkaCommand({ kind: 'embedded' });
  const kafka = await startEmbeddedKafka({ brokers: brokers === '3' ? 3 : 1 });
  process.stdout.write(`${JSON.stringify({ pids: kafka.pids, bootstrapServers: kafka.bootstrapServers })}\n`);
  if (mode === 'throw') throw new Error('thrown on purpose');
  if (mode === 'hold') setInterval(() => {}, 1000);
  return undefined;
}

void hold(process.argv.slice(2));

import { KafkaProducer, StringSerializer } from '../../../../src/producer/index';
import type { ProducerConfig, ProducerParts, RecordFuture } from '../../../../src/producer/index';
import type { NetworkClient } from '../../../../src/network/network-client';
import type { TraceListener } from '../../../../src/trace/trace-event';

export interface PartsCarriage {
  readonly bootstrapServers: string;
  readonly connection: object;
  readonly topic: string;
  /** For each record its partition; its value is its number in this list. */
  readonly partitions: readonly number[];
  readonly config: Omit<ProducerConfig, 'bootstrap.servers'>;
}

export interface PartsCarriageOptions {
  readonly parts: ProducerParts;
  readonly trace?: TraceListener;
  readonly network?: NetworkClient;
  /** How many send at the same time, each the next record that nobody has taken. */
  readonly senders?: number;
  /** After so many records, wait until they are acknowledged. */
  readonly waitEvery?: number;
}

export interface Carried {
  readonly acknowledged: number;
  readonly firstError: string | null;
  /** False when the records were not all settled in good time: the part inside has brought the producer to a stop. */
  readonly finished: boolean;
}

const LIMIT_MS = 8_000;
/** Much as a small order in JSON. */
const VALUE_LENGTH = 100;

/** Sends the records through the course's producer with the answer's part inside it, and looks at every future. */
export async function carryWithParts(
  carriage: PartsCarriage,
  options: PartsCarriageOptions,
): Promise<Carried> {
  const { bootstrapServers, connection, topic, partitions, config } = carriage;
  const { parts, trace, network, senders = 1, waitEvery = Infinity } = options;
  const serializer = new StringSerializer();
  const producer = new KafkaProducer<string, string>(
    { ...config, 'bootstrap.servers': bootstrapServers },
    { keySerializer: serializer, valueSerializer: serializer, connection, parts, trace, network },
  );
  const settled: Promise<unknown>[] = [];
  let acknowledged = 0;
  let firstError: string | null = null;
  const failed = (error: unknown): void => {
    firstError ??= error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  };
  const look = (future: RecordFuture): unknown =>
    settled.push(future.get().then(() => (acknowledged += 1), failed));

  let next = 0;
  const sendSome = async (): Promise<void> => {
    while (next < partitions.length && firstError === null) {
      const number = next++;
      const value = String(number).padEnd(VALUE_LENGTH, '.');
      try {
        look(await producer.send({ topic, partition: partitions[number]!, value }));
      } catch (error) {
        failed(error);
      }
      if (next % waitEvery === 0 && next < partitions.length) await Promise.all(settled);
    }
  };
  const all = async (): Promise<true> => {
    await Promise.all(Array.from({ length: senders }, sendSome));
    await producer.flush();
    await Promise.all(settled);
    return true;
  };
  let limit: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => (limit = setTimeout(() => resolve(false), LIMIT_MS)));
  const finished = await Promise.race([all(), tooLong]);
  clearTimeout(limit);
  await producer.close({ timeoutMs: finished ? 1_000 : 0 });
  return { acknowledged, firstError, finished };
}

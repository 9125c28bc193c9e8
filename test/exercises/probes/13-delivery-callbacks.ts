import { NOT_STARTED } from '../../../src/course/grading/answer-protocol';
import { SimulatedCluster } from '../../../src/simulation/simulated-cluster';
import { KafkaProducer, StringSerializer } from '../../../src/producer/index';
import type { ProducerConfig, ProducerRecord } from '../../../src/producer/index';
import { SystemClock } from '../../../src/support/clock';

type Producer = KafkaProducer<string, string>;
type SentRecord = ProducerRecord<string, string>;

interface Answer {
  readonly sendAll: (producer: Producer, records: readonly SentRecord[]) => unknown;
}

/** A record to be sent; its key is what it is known by. */
export interface PlannedRecord {
  readonly key: string;
  readonly partition: number;
  readonly sizeInBytes: number;
  /** Given a value that the serializer does not take. */
  readonly unserializable?: boolean;
}

/** What `sendAll` told of the records, as plain data; what it returned instead, in words; or what it rejected with. */
export type Report =
  | {
      readonly delivered: readonly { readonly partition: number; readonly offset: number }[];
      readonly failed: readonly { readonly key: string; readonly error: string }[];
    }
  | { readonly returned: string }
  | { readonly rejected: string };

export interface Sending {
  readonly bootstrapServers: string;
  readonly connection: object;
  readonly topic: string;
  readonly config: Omit<ProducerConfig, 'bootstrap.servers'>;
  /** One call of `sendAll` for each list, one after the other, with the same producer. */
  readonly rounds: readonly (readonly PlannedRecord[])[];
}

/** With nothing to send there is no need of a broker. */
export async function sendNothing(answer: Answer, _input: null): Promise<Report> {
  const cluster = new SimulatedCluster({
    clock: new SystemClock(),
    topics: [{ name: 'orders', partitions: 1 }],
  });
  const network = cluster.connect();
  const serializer = new StringSerializer();
  const producer: Producer = new KafkaProducer(
    { 'bootstrap.servers': '127.0.0.1:9092' },
    { keySerializer: serializer, valueSerializer: serializer, network },
  );
  try {
    return await reportOf(answer, producer, []);
  } finally {
    await producer.close({ timeoutMs: 0 });
  }
}

/** Has the answer send the records through the real producer; also how many Produce requests it took. */
export async function sendRounds(
  answer: Answer,
  sending: Sending,
): Promise<{ reports: Report[]; requests: number }> {
  const { bootstrapServers, connection, topic, config, rounds } = sending;
  const serializer = new StringSerializer();
  let requests = 0;
  const producer: Producer = new KafkaProducer(
    { ...config, 'bootstrap.servers': bootstrapServers },
    {
      keySerializer: serializer,
      valueSerializer: serializer,
      connection,
      trace: ({ stage }) => {
        if (stage === 'request-sent') requests += 1;
      },
    },
  );
  try {
    const reports: Report[] = [];
    for (const planned of rounds) {
      const records = planned.map((one) => recordOf(topic, one));
      reports.push(await reportOf(answer, producer, records));
    }
    // What the answer has not waited for counts as well.
    await producer.flush();
    return { reports, requests };
  } finally {
    await producer.close({ timeoutMs: 1_000 });
  }
}

function recordOf(topic: string, { key, partition, sizeInBytes, unserializable }: PlannedRecord): SentRecord {
  const value = unserializable === true ? (42 as unknown as string) : key.padEnd(sizeInBytes, '.');
  return { topic, partition, key, value };
}

async function reportOf(answer: Answer, producer: Producer, records: readonly SentRecord[]): Promise<Report> {
  try {
    return inPlainData(await answer.sendAll(producer, records));
  } catch (error) {
    if (error instanceof Error && error.message === NOT_STARTED) throw error;
    return { rejected: errorInWords(error) };
  }
}

function inPlainData(returned: unknown): Report {
  const { delivered, failed } = (returned ?? {}) as Record<string, unknown>;
  if (!Array.isArray(delivered) || !Array.isArray(failed)) {
    const names = typeof returned === 'object' && returned !== null ? Object.keys(returned).join(', ') : '';
    return { returned: names === '' ? typeof returned : `an object with ${names}` };
  }
  return {
    delivered: delivered.map((metadata: unknown) => {
      const { partition, offset } = (metadata ?? {}) as Record<string, unknown>;
      return {
        partition: typeof partition === 'number' ? partition : NaN,
        offset: typeof offset === 'bigint' ? Number(offset) : NaN,
      };
    }),
    failed: failed.map((entry: unknown) => {
      const { record, error } = (entry ?? {}) as { record?: { key?: unknown }; error?: unknown };
      const key = record?.key;
      return { key: typeof key === 'string' ? key : '(no record)', error: errorInWords(error) };
    }),
  };
}

/** The names of the error and of what caused it: a wrapped error tells as much as a bare one. */
function errorInWords(error: unknown): string {
  if (!(error instanceof Error)) return `${typeof error}, which is no Error`;
  const names = [`${error.name}: ${error.message}`];
  for (let at = error.cause; at instanceof Error; at = at.cause) names.push(`caused by ${at.name}`);
  return names.join(', ');
}

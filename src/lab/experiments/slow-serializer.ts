import { monitorEventLoopDelay } from 'node:perf_hooks';
import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { JsonSerializer, KafkaProducer, StringSerializer } from '../../producer/index';
import type { Serializer } from '../../producer/index';
import { runLoad } from '../load/load';
import type { Order } from '../order';
import { takeOrders } from '../order';

export interface SerializerMeasurement {
  readonly records: number;
  readonly durationMs: number;
  readonly recordsPerSecond: number;
  /** How late timers and sockets were served while the load ran. */
  readonly eventLoopDelayMs: { readonly mean: number; readonly p99: number; readonly max: number };
}

export interface SlowSerializerReport {
  readonly busyMs: number;
  readonly fast: SerializerMeasurement;
  readonly slow: SerializerMeasurement;
  /** Longest delay with the slow serializer over that with the fast one. */
  readonly delayRatio: number;
}

/**
 * Pitfall 1: a serializer that computes for long. In Java it holds up the thread that calls send(). Node has one thread:
 * sockets, timers and the sender itself wait for it as well. The same paced load with JSON as it is, and with a
 * serializer that computes for `busyMs` a record.
 */
export async function slowSerializer(
  kafka: KafkaDescription,
  options: { readonly seed?: number; readonly records?: number; readonly busyMs?: number } = {},
): Promise<SlowSerializerReport> {
  const { seed = 1, records = 50, busyMs = 20 } = options;
  const orders = takeOrders(records, { seed });
  const fast = await measure(kafka, orders, new JsonSerializer<Order>());
  const slow = await measure(kafka, orders, new BusySerializer(busyMs));
  return { busyMs, fast, slow, delayRatio: slow.eventLoopDelayMs.max / fast.eventLoopDelayMs.max };
}

/** Right bytes, after computing for nothing. */
class BusySerializer implements Serializer<Order> {
  readonly #json = new JsonSerializer<Order>();

  constructor(private readonly busyMs: number) {}

  serialize(topic: string, order: Order | null): Buffer | null {
    for (const endMs = performance.now() + this.busyMs; performance.now() < endMs;);
    return this.#json.serialize(topic, order);
  }
}

const RECORDS_PER_SECOND = 100;
const NANOSECONDS_PER_MS = 1e6;

/** The delay is counted by a timer, which must have had its turn before and after what is measured. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

async function measure(
  kafka: KafkaDescription,
  orders: readonly Order[],
  valueSerializer: Serializer<Order>,
): Promise<SerializerMeasurement> {
  const producer = new KafkaProducer<string, Order>(
    { 'bootstrap.servers': kafka.bootstrapServers },
    { keySerializer: new StringSerializer(), valueSerializer, connection: kafka.connection },
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  try {
    return await withTopic(kafka, { name: 'slow-serializer', partitions: 1 }, async (topic) => {
      await producer.partitionsFor(topic);
      delay.enable();
      await eventLoopTurn();
      const load = await runLoad({
        records: orders,
        count: orders.length,
        recordsPerSecond: RECORDS_PER_SECOND,
        send: (order) => producer.send({ topic, key: order.customerId, value: order }),
      });
      await eventLoopTurn();
      delay.disable();
      await producer.flush();
      return {
        records: load.sent,
        durationMs: load.durationMs,
        recordsPerSecond: load.recordsPerSecond,
        eventLoopDelayMs: {
          mean: delay.mean / NANOSECONDS_PER_MS,
          p99: delay.percentile(99) / NANOSECONDS_PER_MS,
          max: delay.max / NANOSECONDS_PER_MS,
        },
      };
    });
  } finally {
    delay.disable();
    await producer.close();
  }
}

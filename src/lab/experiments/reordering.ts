import { withTopic } from '../../broker/index';
import type { KafkaDescription } from '../../broker/index';
import { bytesProducer } from '../load/course-producer';
import { auditDelivery, readLoggedRecords } from '../log/delivery-audit';
import type { DeliveryAudit } from '../log/delivery-audit';
import { startFaultProxy } from '../faults/fault-proxy';
import { orderBytes, takeOrders } from '../order';

export interface RefusedBatchOptions {
  readonly idempotence: boolean;
  /** `max.in.flight.requests.per.connection`; 5 when left out. */
  readonly maxInFlight?: number;
  readonly seed?: number;
}

const RECORDS = 40;
const RECORDS_PER_BATCH = 5;
/** NOT_ENOUGH_REPLICAS: the leader has written nothing, and the producer is to try again. */
const NOT_ENOUGH_REPLICAS = 19;

/**
 * The second batch is refused once, while others are on their way behind it. Sent again, it comes behind them: without
 * idempotence the log is then out of order. With one request in flight nothing is behind it.
 */
export function refuseSecondBatch(
  kafka: KafkaDescription,
  { idempotence, maxInFlight = 5, seed = 1 }: RefusedBatchOptions,
): Promise<DeliveryAudit> {
  return withTopic(kafka, { name: 'reordering', partitions: 1 }, async (topic) => {
    const proxy = await startFaultProxy({
      bootstrapServers: kafka.bootstrapServers,
      faults: [{ fault: { kind: 'refuse', errorCode: NOT_ENOUGH_REPLICAS }, nth: 2 }],
    });
    const producer = bytesProducer(
      { ...proxy, connection: kafka.connection },
      {
        'enable.idempotence': idempotence,
        'max.in.flight.requests.per.connection': maxInFlight,
        'batch.size': 140 * RECORDS_PER_BATCH,
        'linger.ms': 0,
      },
    );
    try {
      const orders = takeOrders(RECORDS, { seed });
      const futures = await Promise.all(
        orders.map((order) =>
          producer.send({ topic, partition: 0, key: order.orderId, value: orderBytes(order) }),
        ),
      );
      const outcomes = await Promise.allSettled(futures.map((future) => future.get()));
      if (proxy.failures[0] !== undefined) throw proxy.failures[0];
      const sent = orders.map(({ orderId }, index) => {
        const outcome = outcomes[index] as PromiseSettledResult<unknown>;
        return {
          id: orderId,
          partition: 0,
          error: outcome.status === 'rejected' ? String(outcome.reason) : null,
        };
      });
      return auditDelivery(sent, await readLoggedRecords(kafka, topic, 1));
    } finally {
      await producer.close({ timeoutMs: 5000 });
      await proxy.close();
    }
  });
}

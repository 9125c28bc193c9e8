import type { KafkaAddress } from '../../network/connection-options';
import { LogReader } from '../../network/log-reader';
import { incrementSequence } from '../../protocol/sequence-numbers';

/** A record as the log holds it. */
export interface LoggedRecord {
  readonly partition: number;
  readonly offset: bigint;
  /** What the record is known by: its key. */
  readonly id: string;
  /** -1n and -1 when the producer was not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly sequence: number;
}

/** What the producer was told of one record. */
export interface SentRecord {
  readonly id: string;
  readonly partition: number;
  /** null: acknowledged. */
  readonly error: string | null;
}

/** What was acknowledged, held against what the log says. */
export interface DeliveryAudit {
  readonly sent: number;
  readonly acknowledged: number;
  /** Records that the producer was told had failed. They may be in the log all the same. */
  readonly refused: number;
  readonly inLog: number;
  /** Ids that the log holds more than once, with every place. */
  readonly doubled: readonly { readonly id: string; readonly places: readonly LoggedRecord[] }[];
  /** Ids that were acknowledged and are not in the log. */
  readonly missing: readonly string[];
  /** Whether first appearances are in the order of sending, for each partition. */
  readonly inOrder: boolean;
  readonly log: readonly LoggedRecord[];
}

/** Reads every record of a topic with the producer id and the sequence that its batch gives it. */
export async function readLoggedRecords(
  kafka: KafkaAddress,
  topic: string,
  partitions: number,
): Promise<LoggedRecord[]> {
  const reader = new LogReader(kafka);
  try {
    const logged: LoggedRecord[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      for (const batch of await reader.readPartition({ topic, partition })) {
        if (batch.isControl) continue;
        const { producerId, producerEpoch, baseSequence } = batch;
        batch.records().forEach(({ key, offset }, index) => {
          const sequence = baseSequence < 0 ? -1 : incrementSequence(baseSequence, index);
          const id = key?.toString('utf8') ?? '';
          logged.push({ partition, offset, id, producerId, producerEpoch, sequence });
        });
      }
    }
    return logged;
  } finally {
    reader.close();
  }
}

/** Compares what was sent, in the order of sending, with what the log holds. Ids must be unique. */
export function auditDelivery(sent: readonly SentRecord[], log: readonly LoggedRecord[]): DeliveryAudit {
  const places = new Map<string, LoggedRecord[]>();
  for (const record of log) places.set(record.id, [...(places.get(record.id) ?? []), record]);
  const acknowledged = sent.filter(({ error }) => error === null);
  return {
    sent: sent.length,
    acknowledged: acknowledged.length,
    refused: sent.length - acknowledged.length,
    inLog: log.length,
    doubled: [...places]
      .filter(([, found]) => found.length > 1)
      .map(([id, found]) => ({ id, places: found })),
    missing: acknowledged.filter(({ id }) => !places.has(id)).map(({ id }) => id),
    inOrder: isInOrder(sent, places),
    log,
  };
}

function isInOrder(
  sent: readonly SentRecord[],
  places: ReadonlyMap<string, readonly LoggedRecord[]>,
): boolean {
  const last = new Map<number, bigint>();
  for (const { id } of sent) {
    const first = places.get(id)?.[0];
    if (first === undefined) continue;
    if (first.offset < (last.get(first.partition) ?? -1n)) return false;
    last.set(first.partition, first.offset);
  }
  return true;
}

import { setTimeout as delay } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import { kafkaJsConfig, withTopic } from '../../broker/index';
import type { CourseKafka } from '../../broker/index';
import { bytesProducer } from '../load/course-producer';
import { auditDelivery, readLoggedRecords } from '../log/delivery-audit';
import type { DeliveryAudit, SentRecord } from '../log/delivery-audit';
import { canFreezeBrokers, freezeBrokers } from '../faults/freeze-brokers';
import { runLoad } from '../load/load';
import { orderBytes, takeOrders } from '../order';
import { textTable } from '../../support/text-table';

export type AcksSetting = '0' | '1' | 'all';

export interface AcksUnderFailureOptions {
  readonly acks: AcksSetting;
  readonly seed?: number;
  readonly records?: number;
  /** The leader is killed once so many records were sent. */
  readonly killAfter?: number;
  /**
   * How many records are sent while the followers are halted, just before the kill: what the leader acknowledges then is
   * on no other broker. Needs brokers that are processes of this machine; elsewhere the kill comes in the middle of the load.
   */
  readonly recordsWhileFollowersHalt?: number;
  onProgress?(line: string): void;
}

export interface AcksUnderFailureReport extends DeliveryAudit {
  readonly acks: AcksSetting;
  readonly seed: number;
  readonly killedBroker: number;
  /** Whether the followers were halted for a moment before the kill. */
  readonly followersHalted: boolean;
  /** From the kill to the first acknowledgement after it, or null when there was none. */
  readonly outageMs: number | null;
}

const REPLICAS = 3;
const MIN_IN_SYNC_REPLICAS = 2;
const RECORDS_PER_SECOND = 1000;
/** Longer than a batch takes to the leader and back; far below broker.session.timeout.ms, after which followers would be out. */
const HALT_MS = 400;

/**
 * Three replicas, of which two must be in sync; the leader crashes (SIGKILL) in the middle of a load. Counts how many
 * acknowledged records are not in the log afterwards. The killed broker is started again before this returns. With
 * acks=0 every record that was written to a socket counts as acknowledged: nobody ever learns more.
 */
export async function acksUnderFailure(
  kafka: CourseKafka,
  options: AcksUnderFailureOptions,
): Promise<AcksUnderFailureReport> {
  const { acks, seed = 1, records = 600 } = options;
  if (kafka.brokers < REPLICAS) {
    throw new RangeError(
      `This experiment needs three brokers, and there are ${kafka.brokers}: start them with startKafka({ brokers: 3 }).`,
    );
  }
  const topicOptions = {
    name: `acks-${acks}`,
    partitions: 1,
    replicationFactor: REPLICAS,
    configs: { 'min.insync.replicas': String(MIN_IN_SYNC_REPLICAS) },
  };
  return withTopic(kafka, topicOptions, async (topic) => {
    const leader = await leaderOf(kafka, topic);
    const crash = new LeaderCrash(kafka, leader, options);
    try {
      // Followers of a new topic take their time to begin; from here on they are at work.
      await writeMark(kafka, topic);
      const sent = await sendThroughCrash({ kafka, topic, acks, seed, records, crash });
      // Only what is on all in-sync replicas can be read: once this is, so is everything before it.
      await writeMark(kafka, topic);
      const log = (await readLoggedRecords(kafka, topic, 1)).filter(({ id }) => id !== MARK);
      const { followersHalted, outageMs } = crash;
      return { ...auditDelivery(sent, log), acks, seed, killedBroker: leader, followersHalted, outageMs };
    } finally {
      await crash.repair();
    }
  });
}

/** A row per report. */
export function acksTable(reports: readonly AcksUnderFailureReport[]): string {
  return textTable(
    ['acks', 'sent', 'acknowledged', 'refused', 'in the log', 'acknowledged but missing', 'twice', 'outage'],
    reports.map((report) => [
      report.acks,
      report.sent,
      report.acknowledged,
      report.refused,
      new Set(report.log.map(({ id }) => id)).size,
      report.missing.length,
      report.doubled.length,
      report.outageMs === null ? 'no answer after it' : `${Math.round(report.outageMs)} ms`,
    ]),
  );
}

const MARK = 'mark';

/** Resolves when a record of its own is on every replica that is in sync. */
async function writeMark(kafka: CourseKafka, topic: string): Promise<void> {
  const producer = bytesProducer(kafka, { acks: 'all' });
  try {
    const future = await producer.send({ topic, partition: 0, key: MARK, value: Buffer.alloc(0) });
    await future.get();
  } finally {
    await producer.close({ timeoutMs: 5000 });
  }
}

async function leaderOf(kafka: CourseKafka, topic: string): Promise<number> {
  const admin = new Kafka(kafkaJsConfig(kafka)).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const leader = topics[0]?.partitions[0]?.leader ?? -1;
    if (leader < 0)
      throw new Error(`Partition 0 of ${topic} has no leader: see that all brokers are running.`);
    return leader;
  } finally {
    await admin.disconnect();
  }
}

/** The steps of the crash, driven by the number of records that were sent. */
class LeaderCrash {
  followersHalted = false;
  outageMs: number | null = null;
  readonly #killAfter: number;
  readonly #haltAt: number;
  #thaw: (() => void) | null = null;
  #killedAtMs: number | null = null;
  #killing: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: CourseKafka,
    private readonly leader: number,
    private readonly options: AcksUnderFailureOptions,
  ) {
    const { records = 600, recordsWhileFollowersHalt = 50 } = options;
    this.#killAfter = options.killAfter ?? Math.floor(records / 2);
    this.#haltAt = this.#killAfter - recordsWhileFollowersHalt;
  }

  /** Called before each record is sent. */
  async beforeRecord(index: number): Promise<void> {
    if (index === this.#haltAt && canFreezeBrokers(this.kafka)) {
      const followers = [1, 2, 3].filter((id) => id !== this.leader);
      this.#thaw = freezeBrokers(this.kafka, followers);
      this.followersHalted = true;
      this.options.onProgress?.(`Brokers ${followers.join(' and ')} are halted; the leader is alone.`);
    }
    // Each follower's next fetch was waiting at the leader when it was halted, and its answer takes along whatever comes first.
    // It is spent on one record, so that the ones behind it are on the leader alone.
    if (index === this.#haltAt + 1 && this.#thaw !== null) await delay(HALT_MS);
    if (index === this.#killAfter) await this.#kill();
  }

  onAcknowledged(): void {
    // An answer that was on its way when the leader died does not end the outage.
    if (this.#killedAtMs === null || this.outageMs !== null) return;
    this.outageMs = performance.now() - this.#killedAtMs;
  }

  async repair(): Promise<void> {
    this.#thaw?.();
    await this.#killing;
    if (this.#killedAtMs !== null) await this.kafka.startBroker(this.leader);
  }

  async #kill(): Promise<void> {
    // What was sent last gets its time to be acknowledged by the leader alone.
    if (this.#thaw !== null) await delay(HALT_MS);
    this.options.onProgress?.(`Broker ${this.leader}, the leader, is killed.`);
    this.#killing = this.kafka.stopBroker(this.leader, { hard: true });
    await this.#killing;
    this.#killedAtMs = performance.now();
    this.#thaw?.();
    this.#thaw = null;
  }
}

async function sendThroughCrash(run: {
  kafka: CourseKafka;
  topic: string;
  acks: AcksSetting;
  seed: number;
  records: number;
  crash: LeaderCrash;
}): Promise<SentRecord[]> {
  const { kafka, topic, acks, seed, records, crash } = run;
  const producer = bytesProducer(kafka, { acks, 'linger.ms': 0, 'delivery.timeout.ms': 60_000 });
  const outcomes: Promise<SentRecord>[] = [];
  try {
    await runLoad({
      records: takeOrders(records, { seed }),
      count: records,
      recordsPerSecond: RECORDS_PER_SECOND,
      send: async (order, index) => {
        await crash.beforeRecord(index);
        const future = await producer.send({
          topic,
          partition: 0,
          key: order.orderId,
          value: orderBytes(order),
        });
        const sent = { id: order.orderId, partition: 0 };
        outcomes.push(
          future.get().then(
            () => {
              crash.onAcknowledged();
              return { ...sent, error: null };
            },
            (error: unknown) => ({ ...sent, error: String(error) }),
          ),
        );
      },
    });
    return await Promise.all(outcomes);
  } finally {
    await producer.close({ timeoutMs: 5000 });
  }
}

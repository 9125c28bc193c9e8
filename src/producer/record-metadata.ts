export interface RecordMetadataFields {
  readonly topic: string;
  /** -1 when the record failed before it had one. */
  readonly partition: number;
  /** Offset of the first record of the batch, or -1n when the broker did not say. */
  readonly baseOffset?: bigint;
  /** Place of the record in its batch, from 0; left out when it is not known. */
  readonly batchIndex?: number;
  /** Milliseconds, or -1. */
  readonly timestamp?: number;
  readonly serializedKeySize?: number;
  readonly serializedValueSize?: number;
}

/** Where a record went: `org.apache.kafka.clients.producer.RecordMetadata`. Sizes in bytes, -1 for a null key or value. */
export class RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  /** -1n when unknown: acks=0, a duplicate whose offset the broker has forgotten, or a failed record. */
  readonly offset: bigint;
  /** Milliseconds since 1970: the record's own, or the broker's for a topic with LogAppendTime. -1 when unknown. */
  readonly timestamp: number;
  readonly serializedKeySize: number;
  readonly serializedValueSize: number;

  constructor(fields: RecordMetadataFields) {
    const { baseOffset = -1n, batchIndex = -1 } = fields;
    this.topic = fields.topic;
    this.partition = fields.partition;
    // Java leaves the base offset alone when either half is unknown, so that -1 never turns into a real-looking offset.
    this.offset = baseOffset === -1n || batchIndex === -1 ? baseOffset : baseOffset + BigInt(batchIndex);
    this.timestamp = fields.timestamp ?? -1;
    this.serializedKeySize = fields.serializedKeySize ?? -1;
    this.serializedValueSize = fields.serializedValueSize ?? -1;
  }

  hasOffset(): boolean {
    return this.offset !== -1n;
  }

  hasTimestamp(): boolean {
    return this.timestamp !== -1;
  }

  /** Java's form: topic-partition@offset. */
  toString(): string {
    return `${this.topic}-${this.partition}@${this.offset}`;
  }
}

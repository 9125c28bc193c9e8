/** A record header, as Java's `org.apache.kafka.common.header.Header`. Keys may repeat, and the order is kept. */
export interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}

export const NO_HEADERS: readonly Header[] = Object.freeze([]);

/** One metric under Kafka's name, group and tags. Averages and maxima are NaN while nothing was recorded lately. */
export interface ProducerMetric {
  /** As in Java: record-send-total. */
  readonly name: string;
  /** producer-metrics, producer-topic-metrics or producer-node-metrics. */
  readonly group: string;
  readonly description: string;
  /** client-id, and topic or node-id where the group has one. */
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

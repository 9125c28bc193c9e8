import { Counter, Gauge, Registry } from 'prom-client';
import type { ProducerMetric } from './producer-metric';

/** What prometheusMetrics() needs of a producer. */
export interface MetricsSource {
  metrics(): readonly ProducerMetric[];
}

export interface PrometheusText {
  readonly contentType: string;
  readonly body: string;
}

/**
 * The metrics of producers in Prometheus's text format, under the names that Micrometer gives Kafka's in a Spring Boot
 * application: `record-send-total` of group `producer-metrics` is `kafka_producer_record_send_total{client_id="…"}`, and the groups per
 * topic and node are `kafka_producer_topic_…` and `kafka_producer_node_…`. Types are those of Micrometer's KafkaMetrics, too: a
 * name that ends in `total` is a counter, everything else a gauge.
 */
export async function prometheusMetrics(producers: Iterable<MetricsSource>): Promise<PrometheusText> {
  const registry = new Registry();
  const meters = new Map<string, Counter | Gauge>();
  for (const producer of producers) {
    for (const metric of producer.metrics()) {
      const labels = labelsOf(metric);
      const name = prometheusName(metric);
      let meter = meters.get(name);
      if (meter === undefined) {
        const labelNames = Object.keys(labels);
        const options = { name, help: metric.description, labelNames, registers: [registry] };
        meter = name.endsWith('total') ? new Counter(options) : new Gauge(options);
        meters.set(name, meter);
      }
      record(meter, labels, metric.value);
    }
  }
  return { contentType: registry.contentType, body: await registry.metrics() };
}

function record(meter: Counter | Gauge, labels: Record<string, string>, value: number): void {
  if (meter instanceof Gauge) meter.set(labels, value);
  else meter.inc(labels, value); // from 0: the registry lives for this one text
}

function prometheusName({ group, name }: ProducerMetric): string {
  return `kafka_${group.replace(/-metrics$/, '')}_${name}`.replace(/-/g, '_');
}

function labelsOf({ tags }: ProducerMetric): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.replace(/-/g, '_'), value]));
}

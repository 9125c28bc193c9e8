import { Gauge, Registry } from 'prom-client';
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
 * topic and node are `kafka_producer_topic_…` and `kafka_producer_node_…`.
 */
export async function prometheusMetrics(producers: Iterable<MetricsSource>): Promise<PrometheusText> {
  const registry = new Registry();
  const gauges = new Map<string, Gauge>();
  for (const producer of producers) {
    for (const metric of producer.metrics()) {
      const labels = labelsOf(metric);
      const name = prometheusName(metric);
      let gauge = gauges.get(name);
      if (gauge === undefined) {
        const labelNames = Object.keys(labels);
        gauge = new Gauge({ name, help: metric.description, labelNames, registers: [registry] });
        gauges.set(name, gauge);
      }
      gauge.set(labels, metric.value);
    }
  }
  return { contentType: registry.contentType, body: await registry.metrics() };
}

function prometheusName({ group, name }: ProducerMetric): string {
  return `kafka_${group.replace(/-metrics$/, '')}_${name}`.replace(/-/g, '_');
}

function labelsOf({ tags }: ProducerMetric): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.replace(/-/g, '_'), value]));
}

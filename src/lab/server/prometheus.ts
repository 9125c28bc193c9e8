import { Counter, Gauge, Registry } from 'prom-client';
import type { ProducerMetric } from '../../producer/index';

/**
 * Metrics in Prometheus text format under the names that Micrometer gives those of Java's producer: group and name with
 * underscores, totals as counters: `kafka_producer_batch_size_avg{client_id="…"}`.
 */
export async function prometheusText(metrics: readonly ProducerMetric[]): Promise<string> {
  const registry = new Registry();
  const meters = new Map<string, Counter | Gauge>();
  for (const metric of metrics) {
    const name = micrometerName(metric);
    const labels = Object.fromEntries(
      Object.entries(metric.tags).map(([tag, value]) => [tag.replaceAll('-', '_'), value]),
    );
    let meter = meters.get(name);
    if (meter === undefined) {
      const definition = {
        name,
        help: metric.description,
        labelNames: Object.keys(labels),
        registers: [registry],
      };
      meter = metric.name.endsWith('-total') ? new Counter(definition) : new Gauge(definition);
      meters.set(name, meter);
    }
    // A counter counts from 0, and this one is new for each answer.
    if (meter instanceof Counter) meter.inc(labels, metric.value);
    else meter.set(labels, metric.value);
  }
  // prom-client writes Nan, which is no number to every parser.
  return (await registry.metrics()).replace(/ Nan$/gm, ' NaN');
}

/** "producer-topic-metrics", "record-send-total" → kafka_producer_topic_record_send_total */
export function micrometerName({ group, name }: Pick<ProducerMetric, 'group' | 'name'>): string {
  return `kafka.${group.replace('-metrics', '')}.${name}`.replace(/[.-]/g, '_');
}

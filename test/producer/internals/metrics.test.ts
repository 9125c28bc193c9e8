import {
  NODE_METRICS,
  PRODUCER_METRICS,
  TOPIC_METRICS,
} from '../../../src/producer/internals/metric-templates';
import { SampledStats } from '../../../src/producer/internals/sampled-stats';
import { bytes, Fixture, TOPIC } from '../support/fixture';

function valueOf(fixture: Fixture, name: string, group = 'producer-metrics'): number {
  const found = fixture.engine.metrics
    .snapshot()
    .find((metric) => metric.name === name && metric.group === group);
  if (found === undefined) throw new Error(`There is no metric ${name} in ${group}.`);
  return found.value;
}

async function sendAndAnswer(fixture: Fixture, records: number, throttleTimeMs = 0): Promise<void> {
  for (let record = 0; record < records; record++) fixture.append({ key: 'key', value: bytes(100) });
  await fixture.step();
  fixture.network.open[0]!.answer({ baseOffset: 0n }, throttleTimeMs);
  await fixture.step();
}

describe('Metrics', () => {
  it('K-01 K-02 are those of Kafka 4.4, each with a description', async () => {
    const fixture = new Fixture();
    await sendAndAnswer(fixture, 1);
    const byGroup = new Map<string, string[]>();
    for (const { name, group, description } of fixture.engine.metrics.snapshot()) {
      byGroup.set(group, [...(byGroup.get(group) ?? []), name]);
      expect(description.length).toBeGreaterThan(5);
    }
    expect(byGroup.get('producer-metrics')).toEqual(Object.keys(PRODUCER_METRICS));
    expect(byGroup.get('producer-topic-metrics')).toEqual(Object.keys(TOPIC_METRICS));
    expect(byGroup.get('producer-node-metrics')).toEqual(Object.keys(NODE_METRICS));
    const of44 =
      'batch-size-avg batch-size-max batch-split-rate batch-split-total buffer-available-bytes buffer-total-bytes ' +
      'buffer-exhausted-rate buffer-exhausted-total bufferpool-wait-ratio bufferpool-wait-time-ns-total waiting-threads ' +
      'compression-rate-avg record-queue-time-avg record-queue-time-max record-send-rate record-send-total ' +
      'record-retry-rate record-retry-total record-error-rate record-error-total record-size-avg record-size-max ' +
      'records-per-request-avg request-latency-avg request-latency-max request-rate request-total request-size-avg ' +
      'request-size-max response-rate response-total requests-in-flight metadata-age metadata-wait-time-ns-total ' +
      'flush-time-ns-total produce-throttle-time-avg produce-throttle-time-max';
    expect(Object.keys(PRODUCER_METRICS)).toEqual(of44.split(' '));
  });

  it('K-03 average and maximum of the throttle times 400, 100, 200, 300 are 250 and 400', async () => {
    const fixture = new Fixture();
    for (const throttleTimeMs of [400, 100, 200, 300]) await sendAndAnswer(fixture, 1, throttleTimeMs);
    expect(valueOf(fixture, 'produce-throttle-time-avg')).toBe(250);
    expect(valueOf(fixture, 'produce-throttle-time-max')).toBe(400);
  });

  it('K-05 has no averages, zero totals and all memory before anything was sent', () => {
    const metrics = new Fixture().engine.metrics.snapshot();
    for (const { name, value } of metrics) {
      if (/-(avg|max)$/.test(name)) expect(value).toBeNaN();
      if (/-(rate|total|ratio)$/.test(name)) expect(value).toBe(0);
      if (/^buffer-(total|available)-bytes$/.test(name)) expect(value).toBe(33_554_432);
    }
  });

  it('K-06 counts sizes and times of a batch when it is sent, and records per request per node', async () => {
    const fixture = new Fixture({ lingerMs: 5 });
    fixture.append({ key: 'key', value: bytes(100) });
    fixture.append({ key: 'key', value: bytes(200) });
    fixture.clock.advance(5);
    await fixture.step();
    expect(valueOf(fixture, 'record-queue-time-avg')).toBe(5);
    expect(valueOf(fixture, 'records-per-request-avg')).toBe(2);
    expect(valueOf(fixture, 'batch-size-avg')).toBe(
      fixture.network.open[0]!.request.batches[0]!.bytes.length,
    );
    // The largest record, by its upper bound: 61 + 21 + (1 + 3) + (2 + 200) + 1.
    expect(valueOf(fixture, 'record-size-max')).toBe(289);
    expect(valueOf(fixture, 'requests-in-flight')).toBe(1);
    fixture.clock.advance(7);
    fixture.network.open[0]!.answer({ baseOffset: 0n });
    await fixture.step();
    expect(valueOf(fixture, 'request-latency-avg')).toBe(7);
    expect(valueOf(fixture, 'request-latency-max', 'producer-node-metrics')).toBe(7);
    expect(valueOf(fixture, 'record-send-total', 'producer-topic-metrics')).toBe(2);
    expect(valueOf(fixture, 'requests-in-flight')).toBe(0);
  });

  it('K-07 counts retries and errors in records, not in batches', async () => {
    const fixture = new Fixture({ deliveryTimeoutMs: 120_000 });
    for (let record = 0; record < 3; record++) fixture.append();
    await fixture.step();
    fixture.network.open[0]!.disconnect();
    await fixture.step();
    expect(valueOf(fixture, 'record-retry-total')).toBe(3);
    expect(valueOf(fixture, 'record-retry-total', 'producer-topic-metrics')).toBe(3);

    fixture.clock.advance(1000);
    await fixture.step();
    fixture.network.open[0]!.answer({ errorCode: 29 });
    await fixture.step();
    expect(valueOf(fixture, 'record-error-total')).toBe(3);
  });

  it('has the compression rate of what went out', async () => {
    const fixture = new Fixture({ compressionType: 'gzip' });
    await sendAndAnswer(fixture, 50);
    expect(valueOf(fixture, 'compression-rate-avg')).toBeLessThan(0.3);
    expect(valueOf(fixture, 'compression-rate', 'producer-topic-metrics')).toBeLessThan(0.3);
    expect(fixture.engine.metadata.partitionCount(TOPIC)).toBe(1);
  });
});

describe('SampledStats', () => {
  it('forget what is older than all windows, but not the total', () => {
    const stats = new SampledStats({ samples: 2, windowMs: 1000 });
    stats.record(10, 0);
    stats.record(30, 500);
    expect([stats.average(500), stats.max(500)]).toEqual([20, 30]);
    stats.record(2, 1500);
    expect([stats.average(1500), stats.max(1500)]).toEqual([14, 30]);
    expect([stats.average(2500), stats.max(2500)]).toEqual([2, 2]);
    expect(stats.average(10_000)).toBeNaN();
    expect([stats.total, stats.recordings]).toEqual([42, 3]);
  });

  it('have rates per second over at least one whole window', () => {
    const stats = new SampledStats({ samples: 2, windowMs: 1000 });
    stats.record(10, 0);
    expect(stats.ratePerSecond(0)).toBe(10);
    stats.record(10, 1500);
    expect(stats.ratePerSecond(1500)).toBeCloseTo(20 / 1.5);
    expect(stats.countPerSecond(1500)).toBeCloseTo(2 / 1.5);
    expect(stats.ratePerSecond(10_000)).toBe(0);
  });
});

import { curlLine, metricsOfClient, NotebookLab } from '../../../src/course/notebook/notebook-lab';

describe('the lab in a notebook', () => {
  test('shows each request as the curl line that does the same', () => {
    expect(curlLine('http://127.0.0.1:1', 'GET', '/docs')).toBe("$ curl 'http://127.0.0.1:1/docs'");
    expect(curlLine('http://127.0.0.1:1', 'POST', '/orders', { name: "O'Hara" })).toBe(
      "$ curl -X POST 'http://127.0.0.1:1/orders' -H 'Content-Type: application/json' " +
        `-d '{"name":"O'\\''Hara"}'`,
    );
  });

  test('is closed once, however often its cell runs', async () => {
    let stopped = 0;
    const lab = new NotebookLab('http://127.0.0.1:1', () => Promise.resolve(void stopped++));
    await lab.close();
    await lab.close();
    expect(stopped).toBe(1);
  });

  test('reads the metrics of one producer as a whole out of a Prometheus text', () => {
    const text = [
      '# HELP kafka_producer_batch_size_avg Bytes.',
      'kafka_producer_batch_size_avg{client_id="mine"} 123.5',
      'kafka_producer_batch_size_avg{client_id="other"} 7',
      'kafka_producer_topic_record_send_total{client_id="mine",topic="orders"} 9',
      'kafka_producer_record_error_rate{client_id="mine"} NaN',
    ].join('\n');
    expect(metricsOfClient(text, 'mine')).toEqual({
      kafka_producer_batch_size_avg: 123.5,
      kafka_producer_record_error_rate: NaN,
    });
  });
});

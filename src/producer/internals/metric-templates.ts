/** Names and descriptions of the metrics, by group: what Kafka 4.4 registers, without connections and transactions. */
type Templates = Readonly<Record<string, string>>;

export const PRODUCER_METRICS: Templates = {
  'batch-size-avg': 'Average bytes per batch and request, header included and compressed.',
  'batch-size-max': 'Most bytes in one batch.',
  'batch-split-rate': 'Batches per second that the broker found too large and that were split.',
  'batch-split-total': 'Batches that were split.',
  'buffer-available-bytes': 'Bytes of buffer.memory that nobody holds.',
  'buffer-total-bytes': 'buffer.memory.',
  'buffer-exhausted-rate': 'Records per second that were dropped because no memory came free.',
  'buffer-exhausted-total': 'Records that were dropped because no memory came free.',
  'bufferpool-wait-ratio': 'Part of the time that somebody spent waiting for memory.',
  'bufferpool-wait-time-ns-total': 'Nanoseconds spent waiting for memory.',
  'waiting-threads': 'Calls of send() that wait for memory now.',
  'compression-rate-avg': 'Average compressed size as a part of the uncompressed size.',
  'record-queue-time-avg': 'Average milliseconds that a batch waited to be sent.',
  'record-queue-time-max': 'Most milliseconds that a batch waited to be sent.',
  'record-send-rate': 'Records sent per second.',
  'record-send-total': 'Records sent.',
  'record-retry-rate': 'Records sent again per second.',
  'record-retry-total': 'Records sent again.',
  'record-error-rate': 'Records per second that failed.',
  'record-error-total': 'Records that failed.',
  'record-size-avg': 'Average of the largest record of each batch, in bytes.',
  'record-size-max': 'Bytes of the largest record.',
  'records-per-request-avg': 'Average records per request.',
  'request-latency-avg': 'Average milliseconds from a request to its response.',
  'request-latency-max': 'Most milliseconds from a request to its response.',
  'request-rate': 'Requests per second.',
  'request-total': 'Requests.',
  'request-size-avg': 'Average bytes per request.',
  'request-size-max': 'Most bytes in a request.',
  'response-rate': 'Responses per second.',
  'response-total': 'Responses.',
  'requests-in-flight': 'Requests that wait for their response now.',
  'metadata-age': 'Seconds since the metadata in use were fetched.',
  'metadata-wait-time-ns-total': 'Nanoseconds that send() waited for metadata.',
  'flush-time-ns-total': 'Nanoseconds spent in flush().',
  'produce-throttle-time-avg':
    'Average milliseconds for which a broker held a request back because of a quota.',
  'produce-throttle-time-max': 'Most milliseconds for which a broker held a request back because of a quota.',
};

export const TOPIC_METRICS: Templates = {
  'record-send-rate': 'Records sent to the topic per second.',
  'record-send-total': 'Records sent to the topic.',
  'byte-rate': 'Bytes sent to the topic per second.',
  'byte-total': 'Bytes sent to the topic.',
  'compression-rate': 'Average compressed size as a part of the uncompressed size.',
  'record-retry-rate': 'Records of the topic sent again per second.',
  'record-retry-total': 'Records of the topic sent again.',
  'record-error-rate': 'Records of the topic per second that failed.',
  'record-error-total': 'Records of the topic that failed.',
};

export const NODE_METRICS: Templates = {
  'request-latency-avg': 'Average milliseconds from a request to this node to its response.',
  'request-latency-max': 'Most milliseconds from a request to this node to its response.',
};

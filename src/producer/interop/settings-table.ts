/** Where another client takes a setting, and under which name. A dot leads into a nested object. */
export interface Equivalent {
  /** `client`: new Kafka(…). `producer`: its producer(…), or new Producer(…). `send`: each call. `stream`: producer.asStream(…). */
  readonly where: 'client' | 'producer' | 'send' | 'stream';
  readonly option: string;
  readonly defaultValue: string;
  /** How it differs from Java's. */
  readonly note?: string;
}

/** There is no such setting; what to do instead, or what happens. */
export interface NoEquivalent {
  readonly none: string;
}

export interface SettingRow {
  /** Java's name. */
  readonly setting: string;
  readonly javaDefault: string;
  readonly kafkajs: Equivalent | NoEquivalent;
  readonly platformatic: Equivalent | NoEquivalent;
  /** A property of librdkafka, which takes all of them in one map. */
  readonly librdkafka: Equivalent | NoEquivalent;
}

type Where = Equivalent['where'];
const at = (where: Where, option: string, defaultValue: string, note?: string): Equivalent => ({
  where,
  option,
  defaultValue,
  ...(note !== undefined && { note }),
});
const none = (why: string): NoEquivalent => ({ none: why });
const rd = (option: string, defaultValue: string, note?: string) =>
  at('producer', option, defaultValue, note);

const ONE_SEND = 'one send() is one request per leader: collect the messages yourself';
const NO_MEMORY_BOUND = 'nothing bounds what waits: limit the calls of send() that are under way';

/** Java's settings in kafkajs 2.2.4, @platformatic/kafka 2.12.1 and librdkafka 2.16. */
export const SETTINGS_TABLE: readonly SettingRow[] = [
  {
    setting: 'bootstrap.servers',
    javaDefault: 'required',
    kafkajs: at('client', 'brokers', 'required', 'a list'),
    platformatic: at('producer', 'bootstrapBrokers', 'required', 'a list'),
    librdkafka: rd('bootstrap.servers', 'required'),
  },
  {
    setting: 'client.id',
    javaDefault: 'producer-N',
    kafkajs: at('client', 'clientId', 'kafkajs'),
    platformatic: at('producer', 'clientId', 'required'),
    librdkafka: rd('client.id', 'rdkafka'),
  },
  {
    setting: 'acks',
    javaDefault: 'all',
    kafkajs: at('send', 'acks', '-1', 'a number: -1, 0 or 1'),
    platformatic: at('producer', 'acks', '1', 'a number; -1 when idempotent'),
    librdkafka: rd('acks', '-1'),
  },
  {
    setting: 'enable.idempotence',
    javaDefault: 'true',
    kafkajs: at(
      'producer',
      'idempotent',
      'false',
      'loses acknowledged records when several sends run at once',
    ),
    platformatic: at('producer', 'idempotent', 'false', 'one request in flight'),
    librdkafka: rd('enable.idempotence', 'false'),
  },
  {
    setting: 'max.in.flight.requests.per.connection',
    javaDefault: '5',
    kafkajs: at(
      'producer',
      'maxInFlightRequests',
      'no limit',
      'sends to one partition are reordered unless it is 1',
    ),
    platformatic: at('producer', 'maxInflights', '5'),
    librdkafka: rd('max.in.flight.requests.per.connection', '1000000', '5 when idempotent'),
  },
  {
    setting: 'retries',
    javaDefault: '2147483647',
    kafkajs: at('producer', 'retry.retries', '5', 'also when idempotent, although it says unlimited'),
    platformatic: at('producer', 'retries', '3', 'unlimited when idempotent'),
    librdkafka: rd('retries', '2147483647'),
  },
  {
    setting: 'retry.backoff.ms',
    javaDefault: '100',
    kafkajs: at('producer', 'retry.initialRetryTime', '300'),
    platformatic: at('producer', 'retryDelay', '1000', 'constant, or a function'),
    librdkafka: rd('retry.backoff.ms', '100'),
  },
  {
    setting: 'retry.backoff.max.ms',
    javaDefault: '1000',
    kafkajs: at('producer', 'retry.maxRetryTime', '30000'),
    platformatic: none('the delay does not grow, unless retryDelay is a function'),
    librdkafka: rd('retry.backoff.max.ms', '1000'),
  },
  {
    setting: 'request.timeout.ms',
    javaDefault: '30000',
    kafkajs: at('client', 'requestTimeout', '30000'),
    platformatic: at('producer', 'requestTimeout', '30000'),
    librdkafka: rd(
      'socket.timeout.ms',
      '60000',
      'request.timeout.ms is only how long the broker waits for its replicas',
    ),
  },
  {
    setting: 'delivery.timeout.ms',
    javaDefault: '120000',
    kafkajs: none('retries end trying, not time'),
    platformatic: none('retries end trying, not time'),
    librdkafka: rd('delivery.timeout.ms', '300000'),
  },
  {
    setting: 'batch.size',
    javaDefault: '16384',
    kafkajs: none(ONE_SEND),
    platformatic: at('stream', 'batchSize', '100', 'records, not bytes, for the whole stream'),
    librdkafka: rd('batch.size', '1000000'),
  },
  {
    setting: 'linger.ms',
    javaDefault: '5',
    kafkajs: none(ONE_SEND),
    platformatic: at('stream', 'batchTime', '10'),
    librdkafka: rd('linger.ms', '5'),
  },
  {
    setting: 'buffer.memory',
    javaDefault: '33554432',
    kafkajs: none(NO_MEMORY_BOUND),
    platformatic: at('stream', 'highWaterMark', '16', 'records, not bytes'),
    librdkafka: rd(
      'queue.buffering.max.kbytes',
      '1048576',
      'in KiB; queue.buffering.max.messages (100000) is reached first by records below about 10 KB',
    ),
  },
  {
    setting: 'max.block.ms',
    javaDefault: '60000',
    kafkajs: none(NO_MEMORY_BOUND),
    platformatic: none('a stream says when it drains, and send() takes everything'),
    librdkafka: none('produce() says at once that the queue is full: poll, and try again'),
  },
  {
    setting: 'max.request.size',
    javaDefault: '1048576',
    kafkajs: none('the broker refuses what is too large'),
    platformatic: none('the broker refuses what is too large'),
    librdkafka: rd('message.max.bytes', '1000000'),
  },
  {
    setting: 'compression.type',
    javaDefault: 'none',
    kafkajs: at(
      'send',
      'compression',
      'None',
      'snappy, lz4 and zstd need a codec of your own in CompressionCodecs',
    ),
    platformatic: at('producer', 'compression', 'none'),
    librdkafka: rd('compression.type', 'none'),
  },
  {
    setting: 'compression.gzip.level',
    javaDefault: '-1',
    kafkajs: none('levels belong to the codec that you register'),
    platformatic: none('levels are fixed'),
    librdkafka: rd('compression.level', '-1', 'for whichever codec is chosen'),
  },
  {
    setting: 'compression.lz4.level',
    javaDefault: '9',
    kafkajs: none('levels belong to the codec that you register'),
    platformatic: none('levels are fixed'),
    librdkafka: rd('compression.level', '-1', '0 to 12'),
  },
  {
    setting: 'compression.zstd.level',
    javaDefault: '3',
    kafkajs: none('levels belong to the codec that you register: @kafkajs/zstd takes { level }'),
    platformatic: none('levels are fixed'),
    librdkafka: rd('compression.level', '-1', 'at most 12'),
  },
  {
    setting: 'partitioner.class',
    javaDefault: 'null',
    kafkajs: at(
      'producer',
      'createPartitioner',
      'DefaultPartitioner',
      'toKafkaJsPartitioner() lets a Partitioner of this course run in it',
    ),
    platformatic: at(
      'producer',
      'partitioner',
      'murmur2',
      'keeps the top bit of the hash, which puts half of the keys elsewhere than Java does unless the partitions are 2, 4, 8, …; compatibilityPartitioner does as Java',
    ),
    librdkafka: rd('partitioner', 'consistent_random', 'CRC32 of the key; murmur2_random does as Java'),
  },
  {
    setting: 'partitioner.ignore.keys',
    javaDefault: 'false',
    kafkajs: none('write a partitioner that does'),
    platformatic: none('write a partitioner that does'),
    librdkafka: none('choose the partitioner random'),
  },
  {
    setting: 'partitioner.adaptive.partitioning.enable',
    javaDefault: 'true',
    kafkajs: none('keyless messages go round robin'),
    platformatic: none('keyless messages go round robin'),
    librdkafka: none(
      'keyless messages stick for a time (sticky.partitioning.linger.ms), not for a number of bytes',
    ),
  },
  {
    setting: 'partitioner.availability.timeout.ms',
    javaDefault: '0',
    kafkajs: none('partitions of a slow broker get their share'),
    platformatic: none('partitions of a slow broker get their share'),
    librdkafka: none('partitions of a slow broker get their share'),
  },
  {
    setting: 'metadata.max.age.ms',
    javaDefault: '300000',
    kafkajs: at('producer', 'metadataMaxAge', '300000'),
    platformatic: at('producer', 'metadataMaxAge', '5000'),
    librdkafka: rd(
      'topic.metadata.refresh.interval.ms',
      '300000',
      'metadata.max.age.ms is when old metadata are no longer used',
    ),
  },
  {
    setting: 'metadata.max.idle.ms',
    javaDefault: '300000',
    kafkajs: none('a topic stays known until the producer is disconnected'),
    platformatic: none('topics are asked for when they are needed'),
    librdkafka: none('a topic stays known while it is referenced'),
  },
  {
    setting: 'reconnect.backoff.ms',
    javaDefault: '50',
    kafkajs: at('client', 'retry.initialRetryTime', '300'),
    platformatic: at('producer', 'retryDelay', '1000'),
    librdkafka: rd('reconnect.backoff.ms', '100'),
  },
  {
    setting: 'reconnect.backoff.max.ms',
    javaDefault: '1000',
    kafkajs: at('client', 'retry.maxRetryTime', '30000'),
    platformatic: none('the delay does not grow, unless retryDelay is a function'),
    librdkafka: rd('reconnect.backoff.max.ms', '10000'),
  },
  {
    setting: 'socket.connection.setup.timeout.ms',
    javaDefault: '10000',
    kafkajs: at('client', 'connectionTimeout', '1000'),
    platformatic: at('producer', 'connectTimeout', '5000'),
    librdkafka: rd('socket.connection.setup.timeout.ms', '30000'),
  },
  {
    setting: 'transactional.id',
    javaDefault: 'null',
    kafkajs: at('producer', 'transactionalId', 'none'),
    platformatic: at('producer', 'transactionalId', 'none'),
    librdkafka: rd('transactional.id', 'none'),
  },
  {
    setting: 'security.protocol',
    javaDefault: 'PLAINTEXT',
    kafkajs: at('client', 'ssl', 'false', 'and sasl'),
    platformatic: at('producer', 'tls', 'none', 'and sasl'),
    librdkafka: rd('security.protocol', 'plaintext'),
  },
  {
    setting: 'sasl.mechanism',
    javaDefault: 'GSSAPI',
    kafkajs: at('client', 'sasl.mechanism', 'none', 'in lower case'),
    platformatic: at('producer', 'sasl.mechanism', 'none'),
    librdkafka: rd('sasl.mechanism', 'GSSAPI'),
  },
  {
    setting: 'sasl.jaas.config',
    javaDefault: 'null',
    kafkajs: at('client', 'sasl.username', 'none', 'and sasl.password'),
    platformatic: at('producer', 'sasl.username', 'none', 'and sasl.password'),
    librdkafka: rd('sasl.username', 'none', 'and sasl.password'),
  },
  {
    setting: 'ssl.truststore.certificates',
    javaDefault: 'null',
    kafkajs: at('client', 'ssl.ca', 'those of Node.js'),
    platformatic: at('producer', 'tls.ca', 'those of Node.js'),
    librdkafka: rd('ssl.ca.pem', 'those of the system'),
  },
];

import type { CompressionType } from '../protocol/compression';

/** Every config name with its resolved value: what plug-ins (serializers, partitioner, interceptors) are configured with. */
export type ResolvedConfigValues = Readonly<Record<string, unknown>>;

/**
 * The settings of a producer: names, value types and defaults of Kafka 4.4. Milliseconds and bytes. Numbers and booleans may
 * come as text, as from a properties file. Kafka's other names are known too, and refused with the reason where they ask for
 * something that there is not; see `OTHER_PRODUCER_CONFIGS`.
 */
export interface ProducerConfig {
  /** `host:port`, several separated by commas or as a list. Required. */
  readonly 'bootstrap.servers'?: string | readonly string[];
  /** Default: `producer-N`, with a number that counts the producers of the process. */
  readonly 'client.id'?: string;

  /** Who has to have a batch before it counts as sent: all in-sync replicas (default), the leader, nobody. -1 is all. */
  readonly acks?: 'all' | '-1' | '1' | '0';
  /** Default true, and then acks=all, retries > 0 and at most 5 in flight are needed. */
  readonly 'enable.idempotence'?: boolean;
  /** Default 2147483647: `delivery.timeout.ms` is what ends trying. */
  readonly retries?: number;
  /** Default 5. */
  readonly 'max.in.flight.requests.per.connection'?: number;
  /** Before the first retry; doubled with each further one, ±20 %. Default 100. */
  readonly 'retry.backoff.ms'?: number;
  /** Default 1000. */
  readonly 'retry.backoff.max.ms'?: number;
  /** For one request. Default 30000. */
  readonly 'request.timeout.ms'?: number;
  /** From send() to success or failure, all retries included; at least linger.ms + request.timeout.ms. Default 120000. */
  readonly 'delivery.timeout.ms'?: number;

  /** Where a batch is full. 0 sends each record by itself. Default 16384. */
  readonly 'batch.size'?: number;
  /** How long a batch may wait for more records. Default 5 (0 before Kafka 4.0). */
  readonly 'linger.ms'?: number;
  /** For all records that wait to be sent. Default 33554432. */
  readonly 'buffer.memory'?: number;
  /** How long send() waits for metadata and memory. Default 60000. */
  readonly 'max.block.ms'?: number;
  /** For one request, and so for one record. Default 1048576. */
  readonly 'max.request.size'?: number;

  /** Default none. */
  readonly 'compression.type'?: CompressionType;
  /** -1 (default) or 1 to 9. */
  readonly 'compression.gzip.level'?: number;
  /** 1 to 17, default 9; others than 9 change nothing here. */
  readonly 'compression.lz4.level'?: number;
  /** -131072 to 22, default 3. */
  readonly 'compression.zstd.level'?: number;

  /** Keys do not decide the partition. Default false. */
  readonly 'partitioner.ignore.keys'?: boolean;
  /** Partitions of faster brokers get more of the keyless records. Default true. */
  readonly 'partitioner.adaptive.partitioning.enable'?: boolean;
  /** A broker that takes nothing for this long gets no keyless records; 0 (default) switches that off. */
  readonly 'partitioner.availability.timeout.ms'?: number;

  /** Default 300000. */
  readonly 'metadata.max.age.ms'?: number;
  /** How long an unused topic stays known; at least 5000. Default 300000. */
  readonly 'metadata.max.idle.ms'?: number;
  /** Default 50. */
  readonly 'reconnect.backoff.ms'?: number;
  /** Default 1000. */
  readonly 'reconnect.backoff.max.ms'?: number;
  /** Default 10000. */
  readonly 'socket.connection.setup.timeout.ms'?: number;

  /** Default 2. */
  readonly 'metrics.num.samples'?: number;
  /** Default 30000. */
  readonly 'metrics.sample.window.ms'?: number;

  /** Java's transactions; checked as in Java, but this producer has none. */
  readonly 'transactional.id'?: string | null;

  /** PLAINTEXT (default), SSL, SASL_PLAINTEXT or SASL_SSL. */
  readonly 'security.protocol'?: string;
  /** PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. */
  readonly 'sasl.mechanism'?: string;
  /** `… required username="alice" password="secret";` */
  readonly 'sasl.jaas.config'?: string | null;
  /** The certificates to trust, as PEM text. */
  readonly 'ssl.truststore.certificates'?: string | null;
  /** The same as a file; `ssl.truststore.type` must then be PEM. */
  readonly 'ssl.truststore.location'?: string | null;
  readonly 'ssl.truststore.type'?: string;
  /** This client's certificate and key, as PEM text. */
  readonly 'ssl.keystore.certificate.chain'?: string | null;
  readonly 'ssl.keystore.key'?: string | null;
  /** Both in one PEM file; `ssl.keystore.type` must then be PEM. */
  readonly 'ssl.keystore.location'?: string | null;
  readonly 'ssl.keystore.type'?: string;
  readonly 'ssl.key.password'?: string | null;
  /** https (default) checks the broker's host name against its certificate; empty does not. */
  readonly 'ssl.endpoint.identification.algorithm'?: string;
}

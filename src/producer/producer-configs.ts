import { atLeast, between, betweenOr, notEmpty, oneOf, oneOfIgnoringCase } from './config-definition';
import type { ConfigDefinition } from './config-definition';
import type { ProducerConfig } from './producer-config-values';

/** The names that mean something here: Kafka 4.4's types, defaults and limits, as its own ConfigDef has them. */
export const PRODUCER_CONFIGS: Readonly<Record<keyof ProducerConfig, ConfigDefinition>> = {
  'bootstrap.servers': { type: 'list', allowed: notEmpty },
  'client.id': { type: 'string', defaultValue: '' },
  acks: { type: 'string', defaultValue: 'all', allowed: oneOf('all', '-1', '0', '1') },
  'enable.idempotence': { type: 'boolean', defaultValue: true },
  retries: { type: 'int', defaultValue: 2147483647, allowed: atLeast(0) },
  'max.in.flight.requests.per.connection': { type: 'int', defaultValue: 5, allowed: atLeast(1) },
  'retry.backoff.ms': { type: 'long', defaultValue: 100, allowed: atLeast(0) },
  'retry.backoff.max.ms': { type: 'long', defaultValue: 1000, allowed: atLeast(0) },
  'request.timeout.ms': { type: 'int', defaultValue: 30000, allowed: atLeast(0) },
  'delivery.timeout.ms': { type: 'int', defaultValue: 120000, allowed: atLeast(0) },
  'batch.size': { type: 'int', defaultValue: 16384, allowed: atLeast(0) },
  'linger.ms': { type: 'long', defaultValue: 5, allowed: atLeast(0) },
  'buffer.memory': { type: 'long', defaultValue: 33554432, allowed: atLeast(0) },
  'max.block.ms': { type: 'long', defaultValue: 60000, allowed: atLeast(0) },
  'max.request.size': { type: 'int', defaultValue: 1048576, allowed: atLeast(0) },
  'compression.type': {
    type: 'string',
    defaultValue: 'none',
    allowed: oneOf('none', 'gzip', 'snappy', 'lz4', 'zstd'),
  },
  'compression.gzip.level': { type: 'int', defaultValue: -1, allowed: betweenOr(1, 9, -1) },
  'compression.lz4.level': {
    type: 'int',
    defaultValue: 9,
    allowed: between(1, 17),
    noEffect: 'lz4-napi has one compressor, which is what Java uses at the default level',
  },
  'compression.zstd.level': { type: 'int', defaultValue: 3, allowed: between(-131072, 22) },
  'partitioner.ignore.keys': { type: 'boolean', defaultValue: false },
  'partitioner.adaptive.partitioning.enable': { type: 'boolean', defaultValue: true },
  'partitioner.availability.timeout.ms': { type: 'long', defaultValue: 0, allowed: atLeast(0) },
  'metadata.max.age.ms': { type: 'long', defaultValue: 300000, allowed: atLeast(0) },
  'metadata.max.idle.ms': { type: 'long', defaultValue: 300000, allowed: atLeast(5000) },
  'reconnect.backoff.ms': { type: 'long', defaultValue: 50, allowed: atLeast(0) },
  'reconnect.backoff.max.ms': { type: 'long', defaultValue: 1000, allowed: atLeast(0) },
  'socket.connection.setup.timeout.ms': { type: 'long', defaultValue: 10000 },
  'metrics.num.samples': { type: 'int', defaultValue: 2, allowed: atLeast(1) },
  'metrics.sample.window.ms': { type: 'long', defaultValue: 30000, allowed: atLeast(0) },
  'transactional.id': { type: 'string', defaultValue: null, allowed: notEmpty },
  'security.protocol': {
    type: 'string',
    defaultValue: 'PLAINTEXT',
    allowed: oneOfIgnoringCase('SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'),
  },
  'sasl.mechanism': { type: 'string', defaultValue: 'GSSAPI' },
  'sasl.jaas.config': { type: 'password', defaultValue: null },
  'ssl.truststore.certificates': { type: 'password', defaultValue: null },
  'ssl.truststore.location': { type: 'string', defaultValue: null },
  'ssl.truststore.type': { type: 'string', defaultValue: 'JKS' },
  'ssl.keystore.certificate.chain': { type: 'password', defaultValue: null },
  'ssl.keystore.key': { type: 'password', defaultValue: null },
  'ssl.keystore.location': { type: 'string', defaultValue: null },
  'ssl.keystore.type': { type: 'string', defaultValue: 'JKS' },
  'ssl.key.password': { type: 'password', defaultValue: null },
  'ssl.endpoint.identification.algorithm': { type: 'string', defaultValue: 'https' },
};

/**
 * Kafka 4.4's other names. A value other than the default gets a warning where it would only tune something, and is refused
 * where the producer would do something else than it was asked to.
 */
export const OTHER_PRODUCER_CONFIGS: Readonly<Record<string, ConfigDefinition>> = {
  'bootstrap.resolve.timeout.ms': {
    type: 'long',
    defaultValue: 0,
    allowed: atLeast(0),
    noEffect: 'host names are looked up when a connection is opened',
  },
  'buffer.memory.allocation.strategy': {
    type: 'string',
    defaultValue: 'full',
    allowed: oneOfIgnoringCase('FULL', 'INCREMENTAL'),
    noEffect: 'memory is always taken for a whole batch, as with full',
  },
  'client.dns.lookup': {
    type: 'string',
    defaultValue: 'use_all_dns_ips',
    allowed: oneOf('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
    noEffect: 'Node.js tries the addresses of a host name by itself',
  },
  'client.rack': {
    type: 'string',
    defaultValue: '',
    noEffect: 'it is for partitioner.rack.aware only, which there is not',
  },
  'config.providers': {
    type: 'list',
    defaultValue: [],
    unsupported: 'read the values yourself and put them into the config',
  },
  'connections.max.idle.ms': {
    type: 'long',
    defaultValue: 540000,
    noEffect: 'idle connections are left for the broker to close',
  },
  'enable.metrics.push': {
    type: 'boolean',
    defaultValue: true,
    noEffect: 'metrics are never pushed to the brokers',
  },
  'interceptor.classes': {
    type: 'list',
    defaultValue: [],
    unsupported: 'pass instances as interceptors in the second argument of the constructor',
  },
  'key.serializer': {
    type: 'class',
    defaultValue: null,
    unsupported: 'pass an instance as keySerializer in the second argument of the constructor',
  },
  'metadata.cluster.check.enable': {
    type: 'boolean',
    defaultValue: true,
    noEffect: 'the cluster id is not compared',
  },
  'metadata.recovery.rebootstrap.trigger.ms': {
    type: 'long',
    defaultValue: 300000,
    allowed: atLeast(0),
    noEffect: 'the bootstrap servers are asked as soon as no other broker answers',
  },
  'metadata.recovery.strategy': {
    type: 'string',
    defaultValue: 'rebootstrap',
    allowed: oneOfIgnoringCase('REBOOTSTRAP', 'NONE'),
    noEffect: 'the bootstrap servers are always asked again when no other broker answers',
  },
  'metric.reporters': {
    type: 'list',
    defaultValue: ['org.apache.kafka.common.metrics.JmxReporter'],
    noEffect: 'metrics() and the Prometheus form are what there is',
  },
  'metrics.recording.level': {
    type: 'string',
    defaultValue: 'INFO',
    allowed: oneOf('INFO', 'DEBUG', 'TRACE'),
    noEffect: 'there are only metrics of level INFO',
  },
  'partitioner.class': {
    type: 'class',
    defaultValue: null,
    unsupported: 'pass an instance as partitioner in the second argument of the constructor',
  },
  'partitioner.rack.aware': {
    type: 'boolean',
    defaultValue: false,
    unsupported: 'partitions are not chosen by rack here',
  },
  'receive.buffer.bytes': {
    type: 'int',
    defaultValue: 32768,
    allowed: atLeast(-1),
    noEffect: 'Node.js leaves the size of socket buffers to the system',
  },
  'security.providers': { type: 'string', defaultValue: null, unsupported: 'TLS is that of Node.js' },
  'send.buffer.bytes': {
    type: 'int',
    defaultValue: 131072,
    allowed: atLeast(-1),
    noEffect: 'Node.js leaves the size of socket buffers to the system',
  },
  'socket.connection.setup.timeout.max.ms': {
    type: 'long',
    defaultValue: 30000,
    noEffect: 'the timeout is the same for every attempt',
  },
  'transaction.timeout.ms': { type: 'int', defaultValue: 60000, noEffect: 'there are no transactions' },
  'transaction.two.phase.commit.enable': {
    type: 'boolean',
    defaultValue: false,
    unsupported: 'there are no transactions here',
  },
  'value.serializer': {
    type: 'class',
    defaultValue: null,
    unsupported: 'pass an instance as valueSerializer in the second argument of the constructor',
  },
};

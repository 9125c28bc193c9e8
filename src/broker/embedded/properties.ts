/** A listener with passwords and TLS beside the plain one; see SecureListener. */
export interface SecureListener {
  /** PEM: the private key in PKCS #8, and the certificate chain. */
  readonly key: string;
  readonly certificate: string;
  readonly users: Readonly<Record<string, string>>;
  /** These users may do only what ACLs allow them. Whoever comes through the plain listener may do everything. */
  readonly enforceAcls?: boolean;
  /** How long a sign-in lasts; clients have to renew it before (KIP-368). Default: as long as the connection. */
  readonly sessionLifetimeMs?: number;
}

export interface ClusterPlan {
  readonly brokers: 1 | 3;
  readonly controllerPort: number;
  /** By broker id, from 1. */
  readonly ports: Readonly<Record<number, number>>;
  readonly secure?: SecureListener & { readonly port: number };
}

/** A node of its own for the controller: of three nodes that are both, two stopped ones would lose the quorum. */
export const CONTROLLER_ID = 100;

export function nodeIds(brokers: 1 | 3): number[] {
  return brokers === 1 ? [1] : [CONTROLLER_ID, 1, 2, 3];
}

/**
 * server.properties of one node. Everything listens on the loopback interface only. `logDir` is a path from the folder that
 * the JVM works in: Kafka takes a comma in it for the start of another one.
 */
export function nodeProperties(
  plan: ClusterPlan,
  nodeId: number,
  logDir: string,
): Record<string, string | number> {
  const controller = `CONTROLLER://127.0.0.1:${plan.controllerPort}`;
  const plain = `PLAINTEXT://127.0.0.1:${plan.ports[nodeId]}`;
  const secure = plan.secure && `SECURE://127.0.0.1:${plan.secure.port}`;
  const clients = [plain, ...(secure ? [secure] : [])];
  const isController = plan.brokers === 1 || nodeId === CONTROLLER_ID;
  const isBroker = nodeId !== CONTROLLER_ID;
  return {
    'node.id': nodeId,
    'process.roles': [...(isBroker ? ['broker'] : []), ...(isController ? ['controller'] : [])].join(','),
    'controller.quorum.voters': `${plan.brokers === 1 ? 1 : CONTROLLER_ID}@127.0.0.1:${plan.controllerPort}`,
    listeners: [...(isBroker ? clients : []), ...(isController ? [controller] : [])].join(','),
    ...(isBroker && { 'advertised.listeners': clients.join(',') }),
    ...(isBroker && { 'inter.broker.listener.name': 'PLAINTEXT' }),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${secure ? ',SECURE:SASL_SSL' : ''}`,
    'log.dirs': logDir,
    ...replication(plan.brokers),
    ...small,
    ...(plan.secure && isBroker && security(plan.secure)),
  };
}

function replication(brokers: 1 | 3): Record<string, string | number> {
  const minInSync = brokers === 1 ? 1 : 2;
  return {
    'default.replication.factor': brokers,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': brokers,
    'transaction.state.log.replication.factor': brokers,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.replication.factor': brokers,
    'share.coordinator.state.topic.min.isr': minInSync,
    // The only broker has nobody to hand its partitions to, and would wait for that.
    'controlled.shutdown.enable': String(brokers > 1),
    // How soon a killed broker's partitions get another leader, and how long it must wait to come back itself.
    'broker.heartbeat.interval.ms': 400,
    'broker.session.timeout.ms': brokers === 1 ? 3000 : 2000,
  };
}

/** One learner, one machine: few threads, small buffers, internal topics of one partition, nothing that waits. */
const small: Record<string, string | number> = {
  'auto.create.topics.enable': 'false',
  'offsets.topic.num.partitions': 1,
  'transaction.state.log.num.partitions': 1,
  'share.coordinator.state.topic.num.partitions': 1,
  'group.initial.rebalance.delay.ms': 0,
  'num.network.threads': 1,
  'num.io.threads': 2,
  'background.threads': 2,
  'num.replica.fetchers': 1,
  'num.recovery.threads.per.data.dir': 1,
  'group.coordinator.threads': 1,
  'log.cleaner.dedupe.buffer.size': 1048577,
  'log.index.size.max.bytes': 1048576,
  'metadata.max.idle.interval.ms': 0,
  // The data of a broker that is left running for long stays below this for each partition.
  'log.retention.minutes': 240,
  'log.retention.bytes': 1073741824,
  'log.segment.bytes': 134217728,
  'log.segment.delete.delay.ms': 1000,
};

function security(secure: SecureListener): Record<string, string> {
  const module = 'org.apache.kafka.common.security';
  const users = Object.entries(secure.users).map(([name, password]) => `user_${name}="${password}"`);
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.secure.plain.sasl.jaas.config': `${module}.plain.PlainLoginModule required ${users.join(' ')};`,
    'listener.name.secure.scram-sha-256.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'listener.name.secure.scram-sha-512.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': secure.key,
    'ssl.keystore.certificate.chain': secure.certificate,
    ...(secure.sessionLifetimeMs !== undefined && {
      'listener.name.secure.connections.max.reauth.ms': String(secure.sessionLifetimeMs),
    }),
    ...(secure.enforceAcls && {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    }),
  };
}

/** StorageTool's arguments that store the users' SCRAM credentials in the cluster's metadata. */
export function scramArguments(secure: SecureListener): string[] {
  const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];
  return Object.entries(secure.users).flatMap(([name, password]) =>
    mechanisms.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${name},password=${password}]`]),
  );
}

/** As java.util.Properties reads it: a file in Latin-1, in which every other letter is written as \uXXXX. */
export function formatProperties(properties: Record<string, string | number>): string {
  const escape = (value: string | number) =>
    String(value)
      .trim()
      .replace(/\\/g, '\\\\')
      .replace(/\r?\n/g, '\\n')
      .replace(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escape(value)}\n`)
    .join('');
}

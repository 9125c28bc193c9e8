/** `external`: somebody's cluster. `testcontainers`: in Docker. `embedded`: on a JVM of this machine. */
export type KafkaKind = 'external' | 'testcontainers' | 'embedded';

export interface SaslOptions {
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username: string;
  password: string;
}

/** How to reach the brokers beyond their addresses, in the form that kafkajs takes. */
export interface KafkaConnection {
  ssl?: boolean | { ca?: string[]; cert?: string; key?: string };
  sasl?: SaslOptions;
}

/** What another process needs to use a running broker; plain JSON. */
export interface KafkaDescription {
  readonly kind: KafkaKind;
  /** `host:port`, comma-separated. */
  readonly bootstrapServers: string;
  /** Of Apache Kafka, or `unknown` for somebody's cluster. */
  readonly version: string;
  readonly brokers: number;
  /** What the name of every topic of the course begins with; nothing else is ever deleted. */
  readonly topicPrefix: string;
  readonly connection: KafkaConnection;
}

export interface CourseKafka extends KafkaDescription {
  /** Ends what startKafka started, and resolves when nothing is left of it. For a broker that somebody else started: nothing. */
  stop(): Promise<void>;
  /** Stops one broker, ids from 1: cleanly, so that its partitions get another leader first, or `hard` as a crash does. */
  stopBroker(id: number, options?: { hard?: boolean }): Promise<void>;
  /** Starts it again with the address and the data that it had. */
  startBroker(id: number): Promise<void>;
}

export interface StartKafkaOptions {
  brokers?: 1 | 3;
  /** Of the first broker on this machine; a second and third take the two behind it. Default: ports that are free. */
  port?: number;
  /** Default: COURSE_BROKER, else the first that is to be had of external, testcontainers, embedded. */
  kind?: KafkaKind;
  onProgress?: (line: string) => void;
}

export function describeKafka(kafka: KafkaDescription): KafkaDescription {
  const { kind, bootstrapServers, version, brokers, topicPrefix, connection } = kafka;
  return { kind, bootstrapServers, version, brokers, topicPrefix, connection };
}

/** How to reach a broker beyond its address, in the form that kafkajs takes. */
export interface KafkaConnectionOptions {
  readonly ssl?:
    | boolean
    | {
        readonly ca?: string[];
        readonly cert?: string;
        readonly key?: string;
        readonly passphrase?: string;
        readonly rejectUnauthorized?: boolean;
        readonly checkServerIdentity?: () => undefined;
      };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** What is enough to connect: as `startKafka` describes a cluster. */
export interface KafkaAddress {
  /** `host:port`, comma-separated. */
  readonly bootstrapServers: string;
  readonly connection?: KafkaConnectionOptions;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Splits `host:port,host:port`. IPv6 addresses stand in brackets. Throws a RangeError that names the part that is wrong. */
export function parseBootstrapServers(bootstrapServers: string): HostAndPort[] {
  const parts = bootstrapServers
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0)
    throw new RangeError('There is no address in it: write host:port, several separated by commas');
  return parts.map((part) => {
    const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d+)$/.exec(part) ?? [];
    const host = bracketed ?? plain;
    const port = Number(digits);
    if (host === undefined || port < 1 || port > 65535) {
      throw new RangeError(`"${part}" is not host:port with a port from 1 to 65535`);
    }
    return { host, port };
  });
}

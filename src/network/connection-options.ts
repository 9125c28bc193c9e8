import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { ConfigError } from '../protocol/errors';

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

/**
 * What Node's `tls.connect()` takes, or null for connections without TLS. Certificates and keys are read here, once for all
 * connections. Throws a ConfigError when they cannot be: left to each connection, a broken file would look like a broken network.
 */
export function tlsOptions(ssl: KafkaConnectionOptions['ssl']): tls.ConnectionOptions | null {
  if (ssl === undefined || ssl === false) return null;
  if (ssl === true) return {};
  try {
    // OpenSSL passes over certificates that it cannot read, and trusts nobody then.
    for (const certificate of ssl.ca ?? []) new X509Certificate(certificate);
    return { ...ssl, secureContext: tls.createSecureContext(ssl) };
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfigError(
      `The TLS certificates or the key cannot be used (${message}): give them in PEM form, and the passphrase of an encrypted key.`,
      { cause },
    );
  }
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

import { readFileSync } from 'node:fs';
import type { KafkaConnectionOptions } from '../../network/connection-options';
import { ConfigError } from '../../protocol/errors';
import type { ResolvedConfigValues } from '../producer-config-values';

type Sasl = NonNullable<KafkaConnectionOptions['sasl']>;

const MECHANISMS: Readonly<Record<string, Sasl['mechanism']>> = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
};

/** security.protocol, sasl.* and ssl.* as connection options: what the course needs of them, PEM files and passwords. */
export function connectionFromConfig(config: ResolvedConfigValues): KafkaConnectionOptions {
  const protocol = text(config, 'security.protocol')?.toUpperCase() ?? 'PLAINTEXT';
  const ssl = protocol === 'SSL' || protocol === 'SASL_SSL' ? sslFrom(config) : undefined;
  const sasl = protocol.startsWith('SASL_') ? saslFrom(config) : undefined;
  return { ...(ssl && { ssl }), ...(sasl && { sasl }) };
}

function saslFrom(config: ResolvedConfigValues): Sasl {
  const name = text(config, 'sasl.mechanism') ?? '';
  const mechanism = MECHANISMS[name.toUpperCase()];
  if (mechanism === undefined) {
    throw new ConfigError(
      `sasl.mechanism is ${JSON.stringify(name)}; this producer knows ${Object.keys(MECHANISMS).join(', ')}.`,
    );
  }
  const jaas = text(config, 'sasl.jaas.config') ?? '';
  const username = jaasOption(jaas, 'username');
  const password = jaasOption(jaas, 'password');
  if (username === null || password === null) {
    throw new ConfigError(
      'sasl.jaas.config must name username and password: … required username="alice" password="secret";',
    );
  }
  return { mechanism, username, password };
}

function jaasOption(jaas: string, name: string): string | null {
  const match = new RegExp(`\\b${name}\\s*=\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(jaas);
  return match === null ? null : match[1]!.replace(/\\(.)/g, '$1');
}

function sslFrom(config: ResolvedConfigValues): KafkaConnectionOptions['ssl'] {
  const ca = text(config, 'ssl.truststore.certificates') ?? pemFile(config, 'ssl.truststore');
  const stored = pemFile(config, 'ssl.keystore');
  const cert = text(config, 'ssl.keystore.certificate.chain') ?? stored;
  const key = text(config, 'ssl.keystore.key') ?? stored;
  const passphrase = text(config, 'ssl.key.password');
  const skipsHostName = config['ssl.endpoint.identification.algorithm'] === '';
  return {
    ...(ca !== null && { ca: [ca] }),
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
    ...(passphrase !== null && { passphrase }),
    ...(skipsHostName && { checkServerIdentity: () => undefined }),
  };
}

function pemFile(config: ResolvedConfigValues, store: 'ssl.truststore' | 'ssl.keystore'): string | null {
  const location = text(config, `${store}.location`);
  if (location === null) return null;
  const type = text(config, `${store}.type`) ?? 'JKS';
  if (type.toUpperCase() !== 'PEM') {
    throw new ConfigError(`${store}.type is ${type}; this producer reads PEM files only: set it to PEM.`);
  }
  try {
    return readFileSync(location, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${store}.location is ${JSON.stringify(location)}, which cannot be read.`, {
      cause,
    });
  }
}

function text(config: ResolvedConfigValues, name: string): string | null {
  const value = config[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

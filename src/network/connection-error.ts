import type { TLSSocket } from 'node:tls';
import { types } from 'node:util';
import { ERROR_CODES } from '../protocol/error-codes';
import { AuthenticationError, SaslAuthenticationError, SslAuthenticationError } from '../protocol/errors';
import { NetworkFailure } from './network-client';

/** What a connection knows about why it failed. kafkajs keeps only the text of most causes, so they are collected where they arise. */
export interface ConnectionFailure {
  /** `host:port` of the broker. */
  readonly address: string;
  /** What was tried, as the beginning of a sentence. */
  readonly what: string;
  /** What kafkajs's promise rejected with. */
  readonly cause: unknown;
  /** The error of the last request of the set-up. kafkajs's SASL authenticators wrap it, a lost connection too. */
  readonly requestError: unknown;
  /** The first error that the socket reported, and the socket if it is one of TLS. */
  readonly socketError: NodeError | null;
  readonly tlsSocket: TLSSocket | null;
  readonly sasl: { readonly mechanism: string; readonly username: string } | null;
}

/** As OpenSSL's errors come: the code is a name, the reason has the text without file and line. */
export type NodeError = Error & { readonly code?: string; readonly reason?: string };

const UNSUPPORTED_SASL_MECHANISM = 33;
const ILLEGAL_SASL_STATE = 34;

/**
 * An AuthenticationError where the broker or this client said no, a NetworkFailure for everything else. As in Java, a connection
 * that merely ends during the handshake or the sign-in is a broken network, which is worth a retry.
 */
export function connectionError(failure: ConnectionFailure): NetworkFailure | AuthenticationError {
  const { cause, what } = failure;
  if (cause instanceof AuthenticationError) return cause;
  return saslError(failure) ?? tlsError(failure) ?? networkFailure(what, cause);
}

export function networkFailure(what: string, cause: unknown): NetworkFailure {
  return new NetworkFailure(`${what}: ${textOf(cause)}.`, { cause });
}

function saslError({ address, cause, requestError, sasl }: ConnectionFailure): AuthenticationError | null {
  if (sasl === null) return null;
  const mechanism = sasl.mechanism.toUpperCase();
  const code = codeOf(requestError);
  if (code === null) {
    // Every request got its response: this client found out, for example by a signature that proves no knowledge of the password.
    const foundHere = requestError === null && nameOf(cause) === 'KafkaJSSASLAuthenticationError';
    if (!foundHere) return null;
    return new SaslAuthenticationError(`Signing in to broker ${address} failed: ${textOf(cause)}.`, {
      cause,
    });
  }
  const ErrorClass = ERROR_CODES.get(code)?.errorClass;
  if (ErrorClass === undefined || !(ErrorClass.prototype instanceof AuthenticationError)) return null;
  return new ErrorClass(sentence(), { cause });

  function sentence(): string {
    if (code === UNSUPPORTED_SASL_MECHANISM) {
      return `Broker ${address} does not offer the SASL mechanism ${mechanism}: set sasl.mechanism to one of the broker's sasl.enabled.mechanisms.`;
    }
    if (code === ILLEGAL_SASL_STATE) {
      return `Broker ${address} takes no sign-in on this port: set security.protocol to PLAINTEXT or SSL, or use the broker's SASL port.`;
    }
    return `Broker ${address} refused user "${sasl!.username}" (${mechanism}): ${textOf(requestError)}. Check the user name and the password.`;
  }
}

function tlsError({ address, cause, socketError, tlsSocket }: ConnectionFailure): AuthenticationError | null {
  if (tlsSocket === null || socketError === null) return null;
  const { code = '' } = socketError;
  // Newer versions of Node add what to do about it, which is about Node and not about Kafka.
  const [what] = textOf(socketError).split('; if the root CA');
  const text = `${socketError.reason ?? what}${code === '' ? '' : ` (${code})`}`;
  // Node sets it when it has refused the certificate, for whichever of some thirty reasons, or the name in it.
  if (tlsSocket.authorizationError != null) {
    return new SslAuthenticationError(
      `The certificate of broker ${address} was refused: ${text}. Check ssl.truststore.* and the host name in bootstrap.servers.`,
      { cause },
    );
  }
  // Alerts from the broker, and bytes that are not TLS. A connection that ends without either has another kind of code.
  if (!/^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) return null;
  return new SslAuthenticationError(
    `The TLS handshake with broker ${address} failed: ${text}. Check security.protocol, ssl.keystore.* and the TLS versions of both sides.`,
    { cause },
  );
}

/** Without the full stop: it stands in the middle of a sentence. */
function textOf(cause: unknown): string {
  return (types.isNativeError(cause) ? cause.message : String(cause)).replace(/\.$/, '');
}

function nameOf(cause: unknown): string | null {
  return types.isNativeError(cause) ? cause.name : null;
}

/** Of an error response. */
function codeOf(error: unknown): number | null {
  const code = types.isNativeError(error) ? (error as { code?: unknown }).code : null;
  return typeof code === 'number' ? code : null;
}

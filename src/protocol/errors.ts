/**
 * The errors of Kafka's producer under their Java names, with `Error` for `Exception`. What may be tried again is told by
 * the base class, as in `org.apache.kafka.common.errors`: see `RetriableError`.
 */

export interface ErrorOptions {
  readonly cause?: unknown;
}

/** Java's KafkaException: the root of everything that Kafka itself reports. */
export class KafkaError extends Error {
  /** Whether the same request may succeed when sent again. */
  readonly retriable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Java's ApiException: an answer of the broker, or what stands for one. `send()` of Java puts these into the future. */
export class ApiError extends KafkaError {}

/** Worth another try after the backoff. */
export class RetriableError extends ApiError {
  override readonly retriable: boolean = true;
}

/** Worth another try once the client has looked again at where things are. */
export class RefreshRetriableError extends RetriableError {}
/** A sign that the cluster is not what the client believes: the sender asks for new metadata. */
export class InvalidMetadataError extends RefreshRetriableError {}

/** Java's InvalidConfigurationException: what trying again cannot mend, since someone has to change a setting. */
export class InvalidConfigurationError extends ApiError {}
/** Java's ApplicationRecoverableException: goes away with a new producer, not with another try. */
export class ApplicationRecoverableError extends ApiError {}

/** A config name or value that is not possible. */
export class ConfigError extends KafkaError {}

export class SerializationError extends KafkaError {}

/** The producer was closed while the record waited. */
export class InterruptError extends KafkaError {}

/** Java's IllegalArgumentException. A RangeError here, which is what JavaScript's own functions throw for it. */
export class IllegalArgumentError extends RangeError {
  override readonly name = 'IllegalArgumentError';
}

/** Java's IllegalStateException: the call is not possible now, for example send() after close(). */
export class IllegalStateError extends Error {
  override readonly name = 'IllegalStateError';
}

// Time and memory

export class TimeoutError extends RetriableError {}
/** No room in `buffer.memory` within `max.block.ms`. */
export class BufferExhaustedError extends TimeoutError {}

// The connection

export class NetworkError extends InvalidMetadataError {}
export class DisconnectError extends RetriableError {}
export class BrokerNotAvailableError extends ApiError {}
/** The connection was refused for who its two ends are. A retry with the same settings fails as well. */
export class AuthenticationError extends InvalidConfigurationError {}
/** The broker refused the credentials, or could not prove that it knows them. */
export class SaslAuthenticationError extends AuthenticationError {}
/** The TLS handshake failed: a certificate or a host name was refused, or the other side does not speak TLS. */
export class SslAuthenticationError extends AuthenticationError {}
export class UnsupportedSaslMechanismError extends AuthenticationError {}
export class IllegalSaslStateError extends AuthenticationError {}

// The cluster is moving

export class UnknownTopicOrPartitionError extends InvalidMetadataError {}
export class LeaderNotAvailableError extends InvalidMetadataError {}
export class NotLeaderOrFollowerError extends InvalidMetadataError {}
export class ReplicaNotAvailableError extends InvalidMetadataError {}
export class KafkaStorageError extends InvalidMetadataError {}
export class ListenerNotFoundError extends InvalidMetadataError {}
export class FencedLeaderEpochError extends InvalidMetadataError {}
export class UnknownLeaderEpochError extends RetriableError {}
export class NotControllerError extends RetriableError {}
export class CoordinatorLoadInProgressError extends RetriableError {}
export class CoordinatorNotAvailableError extends RefreshRetriableError {}
export class NotCoordinatorError extends RefreshRetriableError {}
export class NotEnoughReplicasError extends RetriableError {}
export class NotEnoughReplicasAfterAppendError extends RetriableError {}
export class ThrottlingQuotaExceededError extends RetriableError {}

// The record or the request

export class CorruptRecordError extends RetriableError {}
export class RecordTooLargeError extends ApiError {}
export class RecordBatchTooLargeError extends InvalidConfigurationError {}
export class InvalidRecordError extends InvalidConfigurationError {}
export class InvalidTimestampError extends ApiError {}
export class InvalidTopicError extends InvalidConfigurationError {}
export class InvalidRequiredAcksError extends InvalidConfigurationError {}
export class InvalidRequestError extends ApiError {}
export class InvalidPartitionsError extends ApiError {}
export class InvalidReplicationFactorError extends InvalidConfigurationError {}
export class TopicExistsError extends ApiError {}
export class PolicyViolationError extends ApiError {}
export class UnsupportedVersionError extends InvalidConfigurationError {}
export class UnsupportedForMessageFormatError extends InvalidConfigurationError {}
export class UnsupportedCompressionTypeError extends ApiError {}
export class UnknownServerError extends ApiError {}

// Permission

export class AuthorizationError extends InvalidConfigurationError {}
export class TopicAuthorizationError extends AuthorizationError {}
export class ClusterAuthorizationError extends AuthorizationError {}
export class TransactionalIdAuthorizationError extends AuthorizationError {}

// Idempotence

export class OutOfOrderSequenceError extends ApiError {}
/** The producer id was forgotten by the broker. Java makes it an out-of-order sequence. */
export class UnknownProducerIdError extends OutOfOrderSequenceError {}
/** The broker has the batch already, but no longer knows at which offset. The producer takes it for a success. */
export class DuplicateSequenceError extends ApiError {}
export class InvalidProducerEpochError extends ApplicationRecoverableError {}
export class InvalidPidMappingError extends ApplicationRecoverableError {}
export class InvalidTxnStateError extends ApiError {}
export class ProducerFencedError extends ApplicationRecoverableError {}
export class TransactionAbortableError extends ApiError {}

import { ERROR_CODE } from './error-code';
import * as errors from './errors';

/** One row of Kafka's protocol table (`org.apache.kafka.common.protocol.Errors`). */
export interface ErrorCode {
  readonly code: number;
  /** As in the protocol: NOT_LEADER_OR_FOLLOWER. */
  readonly name: string;
  readonly errorClass: new (message: string, options?: errors.ErrorOptions) => errors.ApiError;
  /** The second half of a sentence: what the broker means by it. */
  readonly meaning: string;
}

type ErrorRow = readonly [
  name: keyof typeof ERROR_CODE,
  errorClass: ErrorCode['errorClass'],
  meaning: string,
];

/** What a broker can answer to a producer. Codes of consumer groups, quorums and shares are no class of their own here. */
const PRODUCER_ERRORS: readonly ErrorRow[] = [
  [
    'UNKNOWN_SERVER_ERROR',
    errors.UnknownServerError,
    'the broker had an error that it did not foresee; its log says more',
  ],
  [
    'CORRUPT_MESSAGE',
    errors.CorruptRecordError,
    'the checksum is wrong, or the record has no key although the topic is compacted',
  ],
  [
    'UNKNOWN_TOPIC_OR_PARTITION',
    errors.UnknownTopicOrPartitionError,
    'the broker does not have this topic or partition',
  ],
  ['LEADER_NOT_AVAILABLE', errors.LeaderNotAvailableError, 'the partition has no leader at the moment'],
  [
    'NOT_LEADER_OR_FOLLOWER',
    errors.NotLeaderOrFollowerError,
    'the broker is no longer the leader of the partition',
  ],
  ['REQUEST_TIMED_OUT', errors.TimeoutError, 'the broker did not get it done in time'],
  ['BROKER_NOT_AVAILABLE', errors.BrokerNotAvailableError, 'the broker is not available'],
  ['REPLICA_NOT_AVAILABLE', errors.ReplicaNotAvailableError, 'the replica is not available'],
  [
    'MESSAGE_TOO_LARGE',
    errors.RecordTooLargeError,
    'the broker does not take a batch of this size (message.max.bytes, or max.message.bytes of the topic)',
  ],
  ['NETWORK_EXCEPTION', errors.NetworkError, 'the connection broke before there was an answer'],
  ['COORDINATOR_LOAD_IN_PROGRESS', errors.CoordinatorLoadInProgressError, 'the coordinator is still loading'],
  ['COORDINATOR_NOT_AVAILABLE', errors.CoordinatorNotAvailableError, 'the coordinator is not available'],
  ['NOT_COORDINATOR', errors.NotCoordinatorError, 'this broker is not the coordinator'],
  [
    'INVALID_TOPIC_EXCEPTION',
    errors.InvalidTopicError,
    'the topic name is not legal, or the topic must not be written',
  ],
  [
    'RECORD_LIST_TOO_LARGE',
    errors.RecordBatchTooLargeError,
    'the batch is larger than a log segment of the broker',
  ],
  [
    'NOT_ENOUGH_REPLICAS',
    errors.NotEnoughReplicasError,
    'fewer replicas are in sync than min.insync.replicas asks for',
  ],
  [
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    errors.NotEnoughReplicasAfterAppendError,
    'the records were written, but to fewer replicas than min.insync.replicas asks for',
  ],
  ['INVALID_REQUIRED_ACKS', errors.InvalidRequiredAcksError, 'the broker does not know this value of acks'],
  ['TOPIC_AUTHORIZATION_FAILED', errors.TopicAuthorizationError, 'writing to this topic is not allowed'],
  ['CLUSTER_AUTHORIZATION_FAILED', errors.ClusterAuthorizationError, 'this is not allowed on the cluster'],
  [
    'INVALID_TIMESTAMP',
    errors.InvalidTimestampError,
    "the timestamp of a record is too far from the broker's time",
  ],
  [
    'UNSUPPORTED_SASL_MECHANISM',
    errors.UnsupportedSaslMechanismError,
    'the broker does not know this SASL mechanism',
  ],
  ['ILLEGAL_SASL_STATE', errors.IllegalSaslStateError, 'the SASL exchange is in the wrong state'],
  [
    'UNSUPPORTED_VERSION',
    errors.UnsupportedVersionError,
    'the broker does not know this version of the request',
  ],
  ['TOPIC_ALREADY_EXISTS', errors.TopicExistsError, 'there is a topic of this name already'],
  ['INVALID_PARTITIONS', errors.InvalidPartitionsError, 'the number of partitions is not possible'],
  [
    'INVALID_REPLICATION_FACTOR',
    errors.InvalidReplicationFactorError,
    'the replication factor is below 1 or above the number of brokers',
  ],
  ['INVALID_CONFIG', errors.InvalidConfigurationError, 'a setting is not possible'],
  ['NOT_CONTROLLER', errors.NotControllerError, 'this broker is not the controller'],
  ['INVALID_REQUEST', errors.InvalidRequestError, 'the broker could not make sense of the request'],
  [
    'UNSUPPORTED_FOR_MESSAGE_FORMAT',
    errors.UnsupportedForMessageFormatError,
    "the topic's message format does not allow this",
  ],
  ['POLICY_VIOLATION', errors.PolicyViolationError, 'a policy of the cluster refuses this'],
  [
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    errors.OutOfOrderSequenceError,
    'the broker got a sequence number that does not follow the last one',
  ],
  ['DUPLICATE_SEQUENCE_NUMBER', errors.DuplicateSequenceError, 'the broker has this batch already'],
  [
    'INVALID_PRODUCER_EPOCH',
    errors.InvalidProducerEpochError,
    'the producer epoch is older than the one the broker knows',
  ],
  ['INVALID_TXN_STATE', errors.InvalidTxnStateError, 'the transaction is not in a state for this'],
  [
    'INVALID_PRODUCER_ID_MAPPING',
    errors.InvalidPidMappingError,
    'the producer id does not belong to this transactional id',
  ],
  [
    'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    errors.TransactionalIdAuthorizationError,
    'this transactional id is not allowed',
  ],
  ['KAFKA_STORAGE_ERROR', errors.KafkaStorageError, 'the broker cannot use its disk'],
  ['SASL_AUTHENTICATION_FAILED', errors.SaslAuthenticationError, 'the broker refused the credentials'],
  ['UNKNOWN_PRODUCER_ID', errors.UnknownProducerIdError, 'the broker has forgotten this producer id'],
  ['LISTENER_NOT_FOUND', errors.ListenerNotFoundError, 'the leader has no listener of this name'],
  ['FENCED_LEADER_EPOCH', errors.FencedLeaderEpochError, "the leader epoch is older than the broker's"],
  ['UNKNOWN_LEADER_EPOCH', errors.UnknownLeaderEpochError, "the leader epoch is newer than the broker's"],
  [
    'UNSUPPORTED_COMPRESSION_TYPE',
    errors.UnsupportedCompressionTypeError,
    'the compression type is not supported here',
  ],
  ['INVALID_RECORD', errors.InvalidRecordError, 'the broker refused a record'],
  ['THROTTLING_QUOTA_EXCEEDED', errors.ThrottlingQuotaExceededError, 'a quota is used up'],
  ['PRODUCER_FENCED', errors.ProducerFencedError, 'a newer producer has the same transactional id'],
  ['TRANSACTION_ABORTABLE', errors.TransactionAbortableError, 'the transaction has to be aborted'],
];

/** The other codes of Kafka 4.4: their names, so that a message never shows a bare number. Retriable ones first. */
const OTHER_RETRIABLE: readonly (readonly [number, string])[] = [
  [51, 'CONCURRENT_TRANSACTIONS'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND'],
  [71, 'INVALID_FETCH_SESSION_EPOCH'],
  [78, 'OFFSET_NOT_AVAILABLE'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE'],
  [84, 'ELECTION_NOT_NEEDED'],
  [88, 'UNSTABLE_OFFSET_COMMIT'],
  [100, 'UNKNOWN_TOPIC_ID'],
  [103, 'INCONSISTENT_TOPIC_ID'],
  [106, 'FETCH_SESSION_TOPIC_ID_ERROR'],
  [122, 'SHARE_SESSION_NOT_FOUND'],
  [123, 'INVALID_SHARE_SESSION_EPOCH'],
  [133, 'SHARE_SESSION_LIMIT_REACHED'],
];
const OTHER: readonly (readonly [number, string])[] = [
  [1, 'OFFSET_OUT_OF_RANGE'],
  [4, 'INVALID_FETCH_SIZE'],
  [11, 'STALE_CONTROLLER_EPOCH'],
  [12, 'OFFSET_METADATA_TOO_LARGE'],
  [22, 'ILLEGAL_GENERATION'],
  [23, 'INCONSISTENT_GROUP_PROTOCOL'],
  [24, 'INVALID_GROUP_ID'],
  [25, 'UNKNOWN_MEMBER_ID'],
  [26, 'INVALID_SESSION_TIMEOUT'],
  [27, 'REBALANCE_IN_PROGRESS'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE'],
  [30, 'GROUP_AUTHORIZATION_FAILED'],
  [39, 'INVALID_REPLICA_ASSIGNMENT'],
  [50, 'INVALID_TRANSACTION_TIMEOUT'],
  [52, 'TRANSACTION_COORDINATOR_FENCED'],
  [54, 'SECURITY_DISABLED'],
  [55, 'OPERATION_NOT_ATTEMPTED'],
  [57, 'LOG_DIR_NOT_FOUND'],
  [60, 'REASSIGNMENT_IN_PROGRESS'],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH'],
  [64, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED'],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED'],
  [66, 'DELEGATION_TOKEN_EXPIRED'],
  [67, 'INVALID_PRINCIPAL_TYPE'],
  [68, 'NON_EMPTY_GROUP'],
  [69, 'GROUP_ID_NOT_FOUND'],
  [73, 'TOPIC_DELETION_DISABLED'],
  [77, 'STALE_BROKER_EPOCH'],
  [79, 'MEMBER_ID_REQUIRED'],
  [81, 'GROUP_MAX_SIZE_REACHED'],
  [82, 'FENCED_INSTANCE_ID'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS'],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC'],
  [91, 'RESOURCE_NOT_FOUND'],
  [92, 'DUPLICATE_RESOURCE'],
  [93, 'UNACCEPTABLE_CREDENTIAL'],
  [94, 'INCONSISTENT_VOTER_SET'],
  [95, 'INVALID_UPDATE_VERSION'],
  [96, 'FEATURE_UPDATE_FAILED'],
  [97, 'PRINCIPAL_DESERIALIZATION_FAILURE'],
  [98, 'SNAPSHOT_NOT_FOUND'],
  [99, 'POSITION_OUT_OF_RANGE'],
  [101, 'DUPLICATE_BROKER_REGISTRATION'],
  [102, 'BROKER_ID_NOT_REGISTERED'],
  [104, 'INCONSISTENT_CLUSTER_ID'],
  [105, 'TRANSACTIONAL_ID_NOT_FOUND'],
  [107, 'INELIGIBLE_REPLICA'],
  [108, 'NEW_LEADER_ELECTED'],
  [109, 'OFFSET_MOVED_TO_TIERED_STORAGE'],
  [110, 'FENCED_MEMBER_EPOCH'],
  [111, 'UNRELEASED_INSTANCE_ID'],
  [112, 'UNSUPPORTED_ASSIGNOR'],
  [113, 'STALE_MEMBER_EPOCH'],
  [114, 'MISMATCHED_ENDPOINT_TYPE'],
  [115, 'UNSUPPORTED_ENDPOINT_TYPE'],
  [116, 'UNKNOWN_CONTROLLER_ID'],
  [117, 'UNKNOWN_SUBSCRIPTION_ID'],
  [118, 'TELEMETRY_TOO_LARGE'],
  [119, 'INVALID_REGISTRATION'],
  [121, 'INVALID_RECORD_STATE'],
  [124, 'FENCED_STATE_EPOCH'],
  [125, 'INVALID_VOTER_KEY'],
  [126, 'DUPLICATE_VOTER'],
  [127, 'VOTER_NOT_FOUND'],
  [128, 'INVALID_REGULAR_EXPRESSION'],
  [129, 'REBOOTSTRAP_REQUIRED'],
  [130, 'STREAMS_INVALID_TOPOLOGY'],
  [131, 'STREAMS_INVALID_TOPOLOGY_EPOCH'],
  [132, 'STREAMS_TOPOLOGY_FENCED'],
  [134, 'GROUP_DELETION_FAILED'],
  [135, 'STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED'],
  [136, 'CONTROLLER_ID_NOT_REGISTERED'],
];

function otherError(errorClass: ErrorCode['errorClass']) {
  return ([code, name]: readonly [number, string]): ErrorCode => ({
    code,
    name,
    errorClass,
    meaning: 'an answer that a producer does not usually get',
  });
}

/** Every error code of Kafka 4.4, by number. 0 (NONE) is not an error and not in it. */
export const ERROR_CODES: ReadonlyMap<number, ErrorCode> = new Map(
  [
    ...PRODUCER_ERRORS.map(([name, errorClass, meaning]): ErrorCode => ({
      code: ERROR_CODE[name],
      name,
      errorClass,
      meaning,
    })),
    ...OTHER_RETRIABLE.map(otherError(errors.RetriableError)),
    ...OTHER.map(otherError(errors.ApiError)),
  ].map((row) => [row.code, row]),
);

/** NOT_LEADER_OR_FOLLOWER for 6, NONE for 0, and the number itself for a code that Kafka 4.4 does not have. */
export function errorCodeName(code: number): string {
  return code === 0 ? 'NONE' : (ERROR_CODES.get(code)?.name ?? String(code));
}

/**
 * The error for a broker's answer. `what` says what was refused ("Record batch for orders-0"); the broker's own message,
 * where it sent one, is preferred to the table's (H-16). An unknown code is an `UnknownServerError`, as in Java.
 */
export function errorForCode(
  code: number,
  what: string,
  brokerMessage: string | null = null,
): errors.ApiError {
  const row = ERROR_CODES.get(code);
  const ErrorClass = row?.errorClass ?? errors.UnknownServerError;
  const meaning = brokerMessage ?? row?.meaning ?? 'this client does not know the code';
  return new ErrorClass(
    `${what} was refused by the broker: ${meaning} (error ${code}, ${errorCodeName(code)}).`,
  );
}

import type { RecordError } from '../protocol/messages';

/** The codes that a partition's leader gives by itself. Names as in Kafka's protocol. */
export const Code = {
  UNKNOWN_SERVER_ERROR: -1,
  NONE: 0,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  NOT_LEADER_OR_FOLLOWER: 6,
  REQUEST_TIMED_OUT: 7,
  MESSAGE_TOO_LARGE: 10,
  INVALID_TOPIC_EXCEPTION: 17,
  RECORD_LIST_TOO_LARGE: 18,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  INVALID_REQUIRED_ACKS: 21,
  TOPIC_AUTHORIZATION_FAILED: 29,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  INVALID_TIMESTAMP: 32,
  OUT_OF_ORDER_SEQUENCE_NUMBER: 45,
  INVALID_PRODUCER_EPOCH: 47,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
  INVALID_RECORD: 87,
} as const;

export interface RefusalDetails {
  /** What the response carries beside the code; most refusals carry nothing. */
  readonly errorMessage?: string | null;
  readonly recordErrors?: readonly RecordError[];
}

/** Thrown inside the simulated broker for what Kafka's broker throws an exception for; it never leaves the simulation. */
export class BatchRefusal extends Error {
  readonly errorMessage: string | null;
  readonly recordErrors: readonly RecordError[];

  constructor(
    readonly errorCode: number,
    why: string,
    { errorMessage = null, recordErrors = [] }: RefusalDetails = {},
  ) {
    super(why);
    this.errorMessage = errorMessage;
    this.recordErrors = recordErrors;
  }
}

export function invalidRecord(why: string): BatchRefusal {
  return new BatchRefusal(Code.INVALID_RECORD, why);
}

/** What the broker did not foresee: an exception that is no ApiException. */
export function unforeseen(why: string): BatchRefusal {
  return new BatchRefusal(Code.UNKNOWN_SERVER_ERROR, why);
}

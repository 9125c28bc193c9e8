import { errorCodeName } from '../protocol/error-codes';
import type { TraceEvent } from '../trace/trace-event';
import {
  ACTION_KINDS,
  CALLBACK_KINDS,
  CONFIG_CHOICES,
  ERROR_CODES,
  FAULT_KINDS,
  GOOD_PARTS,
  REQUEST_KINDS,
  TOPIC_CONFIG_CHOICES,
  WRONG_PARTS,
} from './schedule-choices';
import type { Step } from './schedule';

/** Lists of everything that a search can reach, so that what it never reached can be named. */

const STAGE_LIST: Record<TraceEvent['stage'], readonly string[]> = {
  send: ['send'],
  intercepted: ['intercepted'],
  serialized: ['serialized'],
  partitioned: ['record', 'key', 'partitioner', 'sticky'].map((by) => `partitioned: ${by}`),
  waiting: ['waiting: metadata', 'waiting: memory'],
  appended: ['appended'],
  rejected: ['rejected'],
  completed: ['completed'],
  'batch-opened': ['batch-opened'],
  'batch-drained': ['full', 'linger', 'memory', 'flush', 'close', 'retry', 'along'].map(
    (reason) => `batch-drained: ${reason}`,
  ),
  'batch-completed': ['batch-completed'],
  'batch-retried': ['batch-retried'],
  'batch-split': ['batch-split'],
  'batch-failed': ['refused', 'expired', 'aborted'].map((reason) => `batch-failed: ${reason}`),
  memory: ['memory'],
  'request-sent': ['request-sent'],
  response: ['response'],
  'producer-id': ['producer-id: assigned', 'producer-id: bumped'],
  metadata: ['metadata'],
  flush: ['flush'],
  close: ['close'],
  'log-appended': ['log-appended'],
  'log-refused': ['log-refused'],
  fault: ['fault'],
  'leader-changed': ['leader-changed'],
  'broker-state': ['broker-state'],
};

export const STAGES: readonly string[] = Object.values(STAGE_LIST).flat();

export const REFUSALS: readonly string[] = REQUEST_KINDS.flatMap((request) =>
  ERROR_CODES[request].map((code) => `${request}: ${errorCodeName(code)}`),
);

export const CLUSTER_EVENTS: readonly string[] = ACTION_KINDS;
export const FAULTS: readonly string[] = REQUEST_KINDS.flatMap((request) =>
  FAULT_KINDS.map((fault) => `${request}: ${fault}`),
);
export const DISTURBANCES: readonly string[] = [...CLUSTER_EVENTS, ...FAULTS];
export const PAIRS: readonly string[] = DISTURBANCES.flatMap((one, index) =>
  DISTURBANCES.slice(index + 1).map((other) => pairOf(one, other)),
);

export function pairOf(one: string, other: string): string {
  return `${one} + ${other}`;
}

const STEP_LIST: Record<Step['do'], true> = {
  send: true,
  pause: true,
  flush: true,
  close: true,
  'partitions-for': true,
};
export const STEPS: readonly string[] = Object.keys(STEP_LIST);
export const CALLBACKS: readonly string[] = CALLBACK_KINDS;
export const PARTS: readonly string[] = [...new Set([...choicesOf(GOOD_PARTS), ...choicesOf(WRONG_PARTS)])];
export const CONFIGS: readonly string[] = choicesOf(CONFIG_CHOICES);
export const TOPIC_CONFIGS: readonly string[] = choicesOf(TOPIC_CONFIG_CHOICES);

function choicesOf(choices: Readonly<Record<string, readonly unknown[]>>): string[] {
  return Object.entries(choices).flatMap(([name, values]) =>
    values.map((value) => `${name}=${String(value)}`),
  );
}

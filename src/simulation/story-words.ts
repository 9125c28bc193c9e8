import type { ClusterAction, RequestFault } from './schedule';
import type { MalformedResponse, RequestKind } from './simulated-request';

/** A sentence for what the trace does not tell of, or null. */
export function wordsForAction(action: ClusterAction): string | null {
  switch (action.kind) {
    case 'stop-broker':
    case 'move-leader':
      return null;
    case 'pause-replication':
      return `Broker ${action.node} does not replicate for ${action.forMs} ms`;
    case 'close-connections':
      return `Broker ${action.node} closes its connections`;
    case 'add-partitions':
      return `Topic ${action.topic} gets more partitions: ${action.partitions} in all`;
    case 'recreate-topic':
      return `Topic ${action.topic} is deleted, and created again ${action.forMs} ms later`;
    case 'revoke-credentials':
      return `The brokers refuse the client's credentials for ${action.forMs} ms`;
    case 'refuse-certificate':
      return `TLS handshakes fail for ${action.forMs} ms`;
    case 'revoke-write':
      return `The client may not write to ${action.topic} for ${action.forMs} ms`;
    case 'revoke-idempotent-write':
      return `The client may not have a producer id for ${action.forMs} ms`;
    case 'throttle':
      return `The brokers throttle clients by ${action.throttleMs} ms, for ${action.forMs} ms`;
    case 'forget-producer-ids':
      return 'The brokers forget all producer ids';
  }
}

const REQUESTS: Readonly<Record<RequestKind, string>> = {
  produce: 'Produce',
  metadata: 'Metadata',
  'init-producer-id': 'InitProducerId',
};

const MALFORMED: Readonly<Record<MalformedResponse, string | null>> = {
  unreadable: null,
  incomplete: 'leaves out its last part',
  foreign: 'tells of something that nobody asked for',
  empty: 'is empty',
};

/** A sentence for a fault that the trace does not tell of, or null. */
export function wordsForFault({ request, fault }: RequestFault, numberOfKind: number): string | null {
  if (fault.kind !== 'malformed') return null;
  const how = MALFORMED[fault.how];
  return how === null ? null : `The response to ${REQUESTS[request]} request ${numberOfKind} ${how}`;
}

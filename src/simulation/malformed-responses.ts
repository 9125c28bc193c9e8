import type { ClusterMetadata, ProduceResponse, ProducerIdResponse } from '../protocol/messages';
import type { MalformedResponse, SimulatedFault } from './simulated-request';

const NOBODYS_TOPIC = 'nobody-asked-for-this';

/** The responses that no broker should send, and that a client has to survive. Other faults leave them as they are. */
export function malformedProduce(response: ProduceResponse, fault: SimulatedFault | null): ProduceResponse {
  const { partitions } = response;
  switch (howOf(fault)) {
    case 'incomplete':
      return { ...response, partitions: partitions.slice(0, -1) };
    case 'foreign':
      return { ...response, partitions: [...partitions, { ...partitions[0]!, topic: NOBODYS_TOPIC }] };
    case 'empty':
      return {
        ...response,
        partitions: partitions.map((one) => ({ ...one, errorCode: 0, baseOffset: -1n })),
      };
    default:
      return response;
  }
}

export function malformedMetadata(response: ClusterMetadata, fault: SimulatedFault | null): ClusterMetadata {
  const { topics } = response;
  switch (howOf(fault)) {
    case 'incomplete':
      return { ...response, topics: topics.slice(0, -1) };
    case 'foreign':
      return {
        ...response,
        topics: [...topics, { topic: NOBODYS_TOPIC, errorCode: 0, topicId: null, partitions: [] }],
      };
    case 'empty':
      return { ...response, brokers: [] };
    default:
      return response;
  }
}

export function malformedProducerId(
  response: ProducerIdResponse,
  fault: SimulatedFault | null,
): ProducerIdResponse {
  return howOf(fault) === 'empty'
    ? { ...response, errorCode: 0, producerId: -1n, producerEpoch: -1 }
    : response;
}

function howOf(fault: SimulatedFault | null): MalformedResponse | null {
  return fault?.kind === 'malformed' ? fault.how : null;
}

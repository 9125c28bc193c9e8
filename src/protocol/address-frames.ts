import { readProduceResponse, writeProduceResponse } from './produce-frames';
import { API_KEYS, openResponse, startResponse } from './request-header';
import type { RequestHeader } from './request-header';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A broker of the cluster as a response names it. */
export interface NamedBroker extends Address {
  readonly nodeId: number;
}

interface AddressList {
  readonly brokers: readonly NamedBroker[];
  /** The response with these addresses in place of the brokers', in the same order. */
  replace(addresses: readonly Address[]): Buffer;
}

/** The addresses in a Metadata, FindCoordinator or Produce response; null for any other. */
export function addressesIn(frame: Buffer, header: RequestHeader): AddressList | null {
  if (header.apiKey === API_KEYS.Metadata) return metadataAddresses(frame, header);
  if (header.apiKey === API_KEYS.Produce) return currentLeaderAddresses(frame, header);
  if (header.apiKey !== API_KEYS.FindCoordinator) return null;
  return header.apiVersion >= 4 ? coordinatorList(frame, header) : oneCoordinator(frame, header);
}

/** Where a refused partition is led now (KIP-951). */
function currentLeaderAddresses(frame: Buffer, header: RequestHeader): AddressList {
  const response = readProduceResponse(frame, header);
  const { nodeEndpoints = [] } = response;
  return {
    brokers: nodeEndpoints.map(({ id, host, port }) => ({ nodeId: id, host, port })),
    replace: (addresses) => {
      if (nodeEndpoints.length === 0) return frame;
      const replaced = nodeEndpoints.map((endpoint, index) => {
        const { host, port } = addresses[index] ?? endpoint;
        return { ...endpoint, host, port };
      });
      return writeProduceResponse(header, { ...response, nodeEndpoints: replaced });
    },
  };
}

function metadataAddresses(frame: Buffer, header: RequestHeader): AddressList {
  const { apiVersion } = header;
  const body = openResponse(frame, header);
  const throttleTimeMs = apiVersion >= 3 ? body.int32() : 0;
  const brokers = body.array(() => {
    const broker = { nodeId: body.int32(), host: body.string(), port: body.int32() };
    const rack = apiVersion >= 1 ? body.nullableString() : null;
    body.tags();
    return { ...broker, rack };
  });
  const rest = body.rest();
  return {
    brokers,
    replace: (addresses) => {
      const writer = startResponse(header);
      if (apiVersion >= 3) writer.int32(throttleTimeMs);
      let index = 0;
      writer.array(brokers, ({ nodeId, rack }) => {
        const { host, port } = addresses[index++] as Address;
        writer.int32(nodeId).string(host).int32(port);
        if (apiVersion >= 1) writer.string(rack);
        writer.tags();
      });
      return writer.raw(rest).frame();
    },
  };
}

function oneCoordinator(frame: Buffer, header: RequestHeader): AddressList {
  const { apiVersion } = header;
  const body = openResponse(frame, header);
  const throttleTimeMs = apiVersion >= 1 ? body.int32() : 0;
  const errorCode = body.int16();
  const errorMessage = apiVersion >= 1 ? body.nullableString() : null;
  const broker = { nodeId: body.int32(), host: body.string(), port: body.int32() };
  const rest = body.rest();
  return {
    brokers: errorCode === 0 ? [broker] : [],
    replace: ([address]) => {
      if (address === undefined) return frame;
      const writer = startResponse(header);
      if (apiVersion >= 1) writer.int32(throttleTimeMs);
      writer.int16(errorCode);
      if (apiVersion >= 1) writer.string(errorMessage);
      return writer.int32(broker.nodeId).string(address.host).int32(address.port).raw(rest).frame();
    },
  };
}

function coordinatorList(frame: Buffer, header: RequestHeader): AddressList {
  const body = openResponse(frame, header);
  const throttleTimeMs = body.int32();
  const coordinators = body.array(() => {
    const coordinator = {
      key: body.nullableString(),
      nodeId: body.int32(),
      host: body.string(),
      port: body.int32(),
      errorCode: body.int16(),
      errorMessage: body.nullableString(),
    };
    body.tags();
    return coordinator;
  });
  const rest = body.rest();
  const found = coordinators.filter(({ errorCode }) => errorCode === 0);
  return {
    brokers: found,
    replace: (addresses) => {
      const writer = startResponse(header).int32(throttleTimeMs);
      writer.array(coordinators, (one) => {
        const address = addresses[found.indexOf(one)] ?? one;
        writer.string(one.key).int32(one.nodeId).string(address.host).int32(address.port);
        writer.int16(one.errorCode).string(one.errorMessage).tags();
      });
      return writer.raw(rest).frame();
    },
  };
}

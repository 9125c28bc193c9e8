import type { KafkaDescription } from '../../../../src/broker/index';
import { KafkaJsConnection } from '../../../../src/network/kafkajs-internals';
import { parseBootstrapServers, tlsOptions } from '../../../../src/network/connection-options';
import { WireReader, WireWriter } from '../../../../src/protocol/wire';

const TIMEOUT_MS = 10_000;

/** Limits what a client may produce (KIP-546), or with null takes the limit away. kafkajs has no such request. */
export async function setProducerQuota(
  { bootstrapServers, connection }: KafkaDescription,
  clientId: string,
  bytesPerSecond: number | null,
): Promise<void> {
  const [address] = parseBootstrapServers(bootstrapServers);
  const client = new KafkaJsConnection(address!, {
    clientId: 'quotas',
    setupTimeoutMs: TIMEOUT_MS,
    tls: tlsOptions(connection.ssl),
    sasl: connection.sasl,
  });
  try {
    await client.open();
    const request = {
      apiKey: 49,
      apiName: 'AlterClientQuotas',
      apiVersion: 1,
      flexible: true,
      body: quotaRequest(clientId, bytesPerSecond),
    };
    const errorCode = await client.ask(request, TIMEOUT_MS, errorOf);
    if (errorCode !== 0) throw new Error(`The quota could not be set: error ${errorCode}.`);
  } finally {
    client.destroy();
  }
}

function quotaRequest(clientId: string, bytesPerSecond: number | null): Buffer[] {
  const writer = new WireWriter({ flexible: true });
  const value = Buffer.alloc(8);
  value.writeDoubleBE(bytesPerSecond ?? 0);
  const remove = bytesPerSecond === null ? 1 : 0;
  writer.array([clientId], (name) => {
    writer.array(['client-id'], (type) => writer.string(type).string(name).tags());
    writer.array(['producer_byte_rate'], (key) => writer.string(key).raw(value).int8(remove).tags());
    writer.tags();
  });
  const forReal = 0;
  return writer.int8(forReal).tags().finish();
}

function errorOf(payload: Buffer): number {
  const reader = new WireReader(payload, { flexible: true });
  reader.tags(); // of the response header
  reader.int32(); // throttle time
  const [errorCode = 0] = reader.array(() => {
    const code = reader.int16();
    reader.nullableString();
    reader.array(() => {
      reader.string();
      reader.nullableString();
      reader.tags();
    });
    reader.tags();
    return code;
  });
  return errorCode;
}

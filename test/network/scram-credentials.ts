import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { parseBootstrapServers } from '../../src/network/connection-options';
import { KafkaJsConnection } from '../../src/network/kafkajs-internals';
import { WireReader, WireWriter } from '../../src/protocol/wire';

const SCRAM_SHA_512 = 2;
const ITERATIONS = 4096;
const TIMEOUT_MS = 10_000;

/** AlterUserScramCredentials (KIP-554), which kafkajs does not have: a new password for a user, or none any more. */
export async function changeScramPassword(
  bootstrapServers: string,
  user: string,
  password: string | null,
): Promise<void> {
  const [address] = parseBootstrapServers(bootstrapServers);
  const connection = new KafkaJsConnection(address!, {
    clientId: 'administrator',
    setupTimeoutMs: TIMEOUT_MS,
    tls: null,
  });
  await connection.open();
  try {
    const request = {
      apiKey: 51,
      apiName: 'AlterUserScramCredentials',
      apiVersion: 0,
      flexible: true,
      body: body(user, password),
    };
    const errorCodes = await connection.ask(request, TIMEOUT_MS, readErrorCodes);
    if (errorCodes.some((code) => code !== 0)) throw new Error(`The broker refused: ${String(errorCodes)}.`);
  } finally {
    connection.destroy();
  }
}

function body(user: string, password: string | null): Buffer[] {
  const writer = new WireWriter({ flexible: true });
  writer.array(password === null ? [user] : [], (name) => writer.string(name).int8(SCRAM_SHA_512).tags());
  writer.array(password === null ? [] : [password], (text) => {
    const salt = randomBytes(16);
    const salted = pbkdf2Sync(text, salt, ITERATIONS, 64, 'sha512');
    writer.string(user).int8(SCRAM_SHA_512).int32(ITERATIONS).bytes(salt).bytes(salted).tags();
  });
  return writer.tags().finish();
}

function readErrorCodes(payload: Buffer): number[] {
  const reader = new WireReader(payload, { flexible: true });
  reader.tags();
  reader.int32(); // throttle time
  return reader.array(() => {
    reader.string(); // user
    const errorCode = reader.int16();
    reader.nullableString();
    reader.tags();
    return errorCode;
  });
}

import type { WireRequest } from './requests';

/** A request as it goes out: its length, request header 1 (2 when flexible), and its body, which is not copied. */
export function requestFrame(
  { apiKey, apiVersion, flexible, body }: WireRequest,
  correlationId: number,
  clientId: string,
): Buffer[] {
  const clientIdSize = Buffer.byteLength(clientId, 'utf8');
  const headerSize = 10 + clientIdSize + (flexible ? 1 : 0);
  const bodySize = body.reduce((sum, part) => sum + part.length, 0);
  const header = Buffer.allocUnsafe(4 + headerSize);
  header.writeInt32BE(headerSize + bodySize, 0);
  header.writeInt16BE(apiKey, 4);
  header.writeInt16BE(apiVersion, 6);
  header.writeInt32BE(correlationId, 8);
  header.writeInt16BE(clientIdSize, 12);
  header.write(clientId, 14, 'utf8');
  if (flexible) header[header.length - 1] = 0; // no tagged fields
  return [header, ...body];
}

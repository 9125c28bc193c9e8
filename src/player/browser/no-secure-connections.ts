/** In place of node:tls and node:crypto: a page opens no connection that could be secured. */
function unavailable(): never {
  throw new Error('A page cannot connect to a broker: leave the ssl.* and sasl.* settings out.');
}

export const createHash = unavailable;
export const createSecureContext = unavailable;
export const X509Certificate = unavailable;
// node:tls and node:crypto have default exports.
// eslint-disable-next-line import-x/no-default-export
export default { createHash, createSecureContext, X509Certificate };

/** In place of the native codecs, which a page does not have. The playground does not offer them. */
function unavailable(): never {
  throw new Error('This page has no lz4 and no zstd: choose none, gzip or snappy, or use a notebook.');
}

export const compressFrameSync = unavailable;
export const decompressFrameSync = unavailable;
// @kafkajs/zstd has a default export.
// eslint-disable-next-line import-x/no-default-export
export default () => unavailable;

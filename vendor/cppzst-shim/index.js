'use strict';

// @kafkajs/zstd 0.1.1 calls cppzst 2.0.6, a native module that no longer compiles on Node 20 and later. Node has had
// zstd in node:zlib since 22.15, and the project brings its own Node 24, so these two functions are all that is needed.
const zlib = require('node:zlib');

const DEFAULT_LEVEL = 3; // Kafka's own default for compression.zstd.level

/** Calls back as cppzst does: `params` may be left out, and a bad argument reaches the callback instead of the caller. */
function zstdCall(run) {
  return (input, params, callback) => {
    const done = typeof params === 'function' ? params : callback;
    const options = typeof params === 'object' && params !== null ? params : {};
    if (!Buffer.isBuffer(input)) {
      process.nextTick(done, new TypeError('zstd needs a Buffer as its input.'));
    } else if (options.dict) {
      process.nextTick(done, new Error('zstd dictionaries are not supported here.'));
    } else {
      run(input, options, done);
    }
  };
}

exports.compress = zstdCall((input, { level = DEFAULT_LEVEL }, done) => {
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: level };
  zlib.zstdCompress(input, { params, pledgedSrcSize: input.length }, done);
});

exports.decompress = zstdCall((input, _options, done) => zlib.zstdDecompress(input, done));

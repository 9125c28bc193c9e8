'use strict';

// Reads a learner's answer anew each time. A stub of settings throws while it is read, and the notebook's kernel would go
// on with what it compiled the first time, however often the file has been saved since.
const path = require('node:path');

module.exports = {
  loadAnswer(slug, file) {
    require('../../support/typescript-loader.cjs');
    const full = path.join(__dirname, '..', '..', '..', 'exercises', slug, file);
    delete require.cache[full];
    return require(full);
  },
};

'use strict';

// The lab's server and the framework under it are loaded by Node and not by the notebook kernel, whose compiler is too old
// for the framework's types. It is the same server that `npm run lab` starts.
require('../../support/typescript-loader.cjs');
const { startLabServer } = require('../../lab/server/lab-server.ts');

module.exports = { startLabServer };

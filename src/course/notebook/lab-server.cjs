'use strict';

// The lab's server and the framework under it are loaded by Node and not by the notebook kernel, whose compiler is too old
// for the framework's types; and only when they are asked for, since most notebooks do without. It is the same server
// that `npm run lab` starts.
module.exports = {
  startLabServer(options) {
    require('../../support/typescript-loader.cjs');
    return require('../../lab/server/lab-server.ts').startLabServer(options);
  },
};

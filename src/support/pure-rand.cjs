'use strict';

// pure-rand names its modules in "exports" only, which the notebook kernel's compiler does not read; Node does.
const { uniformFloat64 } = require('pure-rand/distribution/uniformFloat64');
const { uniformInt } = require('pure-rand/distribution/uniformInt');
const { xoroshiro128plus } = require('pure-rand/generator/xoroshiro128plus');

module.exports = { uniformFloat64, uniformInt, xoroshiro128plus };

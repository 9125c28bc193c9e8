'use strict';

// Dolos is published as ESM only. Node can require that; what compiles our TypeScript to CommonJS cannot see to it.
exports.loadDolos = () => require('@dodona/dolos-core');

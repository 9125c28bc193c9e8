'use strict';

// Makes require() take TypeScript, in the command line and in the process that runs an answer: swc strips and lowers,
// in this process and without a helper of its own (an answer's process may not start any). Types are checked elsewhere.
const fs = require('node:fs');
const path = require('node:path');
const { transformSync } = require('@swc/core');
const { addHook } = require('pirates');

const ROOT = path.join(__dirname, '..', '..');

/** swc's message is a picture of the place, drawn for a terminal; what is left here is the same for every reader. */
function syntaxError(error) {
  const [what] = String(error.message).split('\n\n\nCaused by:');
  return new SyntaxError(what.replace(/^\s*x\s*/, '').trimEnd(), { cause: error });
}

function compile(source, filename) {
  try {
    return transform(source, filename);
  } catch (error) {
    throw syntaxError(error);
  }
}

function transform(source, filename, ignoreDynamic = true) {
  return transformSync(source, {
    filename,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    // vega and other ESM-only packages are loaded by .cjs files, so that an import() here can stay what it says.
    module: { type: 'commonjs', ignoreDynamic },
  }).code;
}

process.setSourceMapsEnabled(true);
addHook(compile, {
  exts: ['.ts'],
  ignoreNodeModules: true,
  matcher: (file) => !file.includes(`${path.sep}node_modules${path.sep}`),
});

/** An answer's import() becomes the same call as its other imports, so that the same list decides what it may have. */
exports.compileAnswer = (source, filename) => {
  try {
    return transform(source, filename, false);
  } catch (error) {
    throw syntaxError(error);
  }
};
exports.compileTypeScript = (file) => compile(fs.readFileSync(file, 'utf8'), file);
exports.ROOT = ROOT;

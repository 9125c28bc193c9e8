'use strict';

// node --require this file, before the TypeScript loader: changes the text of source files on their way in, as the file that
// COURSE_PLANT names says: [{ "file": "src/producer/…", "replace": "…", "with": "…" }]. Nothing on disk changes.
const fs = require('node:fs');
const path = require('node:path');
const { addHook } = require('pirates');

const ROOT = path.join(__dirname, '..', '..', '..');

function readPlant() {
  const name = process.env.COURSE_PLANT;
  if (name === undefined) throw new Error('plant-loader.cjs needs COURSE_PLANT, the name of a file.');
  const changes = [].concat(JSON.parse(fs.readFileSync(name, 'utf8')));
  for (const { file, replace } of changes) {
    const times = fs.readFileSync(path.join(ROOT, file), 'utf8').split(replace).length - 1;
    if (times !== 1)
      throw new Error(`${name}: the text to replace is ${times} times in ${file}, and has to be there once.`);
  }
  return changes.map((change) => ({ ...change, file: path.join(ROOT, change.file) }));
}

const changes = readPlant();

function plant(source, filename) {
  return changes
    .filter(({ file }) => file === filename)
    .reduce((text, { replace, with: by }) => text.split(replace).join(by), source);
}

addHook(plant, {
  exts: ['.ts'],
  ignoreNodeModules: true,
  matcher: (file) => changes.some((one) => one.file === file),
});

#!/usr/bin/env node
'use strict';

// The way into every command. Plain JavaScript for any Node, because it runs before anything is installed: it checks
// the prerequisites, completes `npm ci` where that is needed, and hands over to src/tools/cli on a Node that is new enough.
const { spawn } = require('child_process');
const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');

const ROOT = path.join(__dirname, '..');
const OLDEST_NODE = [20, 0];
const COURSE_NODE = [22, 22]; // what testcontainers 12 and vega-lite 6 ask for
const STAMP = path.join(ROOT, 'node_modules', '.course-stamp');
const LOCK = path.join(ROOT, '.course', 'install.lock');
/** Exit code for wrong usage and missing prerequisites, as in every command of the course. */
const EXIT_USAGE = 2;

function isAtLeast(version, [major, minor]) {
  const [a, b] = version.replace(/^v/, '').split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

function giveUp(sentence) {
  console.error(sentence);
  process.exit(EXIT_USAGE);
}

/** Changes whenever what should be in node_modules changes. */
function wantedStamp() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json'])
    hash.update(fs.readFileSync(path.join(ROOT, file)));
  return `${process.platform}-${process.arch} ${hash.digest('hex')}`;
}

function isInstalled() {
  try {
    return fs.readFileSync(STAMP, 'utf8') === wantedStamp();
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two commands started on a fresh clone must not install into one another. Resolves to what gives the lock back. */
async function takeInstallLock() {
  fs.mkdirSync(path.dirname(LOCK), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      fs.writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      const release = () => fs.rmSync(LOCK, { force: true });
      process.on('exit', release);
      return () => {
        process.removeListener('exit', release);
        release();
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(fs.readFileSync(LOCK, 'utf8').trim() || 0);
    if (owner > 0 && !isAlive(owner)) fs.rmSync(LOCK, { force: true });
    else if (!told)
      console.error(`Another command (process ${owner}) is installing packages: waiting for it.`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, Object.assign({ cwd: ROOT, stdio: 'inherit' }, options));
    // Ctrl-C reaches the child by itself; this process only has to outlive it, to pass on how it ended.
    const wait = () => {};
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', wait).on('SIGTERM', pass).on('SIGHUP', pass);
    const done = (result) => {
      process.removeListener('SIGINT', wait).removeListener('SIGTERM', pass).removeListener('SIGHUP', pass);
      resolve(result);
    };
    child.on('error', (error) => done({ error }));
    child.on('exit', (code, signal) => done({ code, signal }));
  });
}

async function installPackages() {
  const release = await takeInstallLock();
  try {
    if (!isInstalled()) await npmCi();
  } finally {
    release();
  }
}

async function npmCi() {
  console.error('Installing the Node packages (once, about a minute) ...');
  const npmCli = process.env.npm_execpath;
  const [command, args] = npmCli ? [process.execPath, [npmCli, 'ci']] : ['npm', ['ci']];
  const shell = process.platform === 'win32' && !npmCli;
  const result = await run(command, args.concat('--loglevel=error', '--no-progress'), { shell });
  if (result.error)
    giveUp(`npm could not be run (${result.error.message}): install npm, then run the command again.`);
  if (result.signal || result.code !== 0) {
    const how = result.signal ? `was stopped by ${result.signal}` : `ended with code ${result.code}`;
    giveUp(
      `Installing the Node packages ${how}: see the lines above, then run the command again to complete it.`,
    );
  }
  fs.writeFileSync(STAMP, wantedStamp());
}

/** The Node that came with the packages, or null where none fits this platform. */
function bundledNode() {
  const [platform, file] = process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node'];
  const folders = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
  const files = folders.map((folder) => path.join(ROOT, 'node_modules', folder, 'bin', file));
  return files.find((candidate) => fs.existsSync(candidate)) || null;
}

async function main() {
  if (!isAtLeast(process.version, OLDEST_NODE)) {
    giveUp(
      `Node ${process.version} is too old for this course: install Node 20 or newer, then run the command again.`,
    );
  }
  if (!isInstalled()) await installPackages();
  if (isAtLeast(process.version, COURSE_NODE)) {
    require('../src/support/typescript-loader.cjs');
    await require('../src/tools/cli/main.ts').main(process.argv.slice(2));
    return;
  }
  const node = bundledNode();
  if (node === null) {
    giveUp(
      `Node ${process.version} runs npm, but the course itself needs Node 22.22: install that or a newer one.`,
    );
  }
  const env = Object.assign({}, process.env, { COURSE_PARENT_PID: String(process.pid) });
  const result = await run(node, [__filename].concat(process.argv.slice(2)), { env, cwd: process.cwd() });
  if (result.error) giveUp(`${node} could not be run: ${result.error.message}`);
  process.exitCode = result.signal ? 1 : result.code;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

#!/usr/bin/env node
'use strict';

// The way into every command. Plain JavaScript for any Node, because it runs before anything is installed: it checks
// the prerequisites, completes `npm ci` where that is needed, and hands over to src/tools/cli on a Node that is new enough.
const { spawn } = require('child_process');
const { createHash } = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { describeInstallFailure } = require('../src/support/install-failure.cjs');
const { withLockFile } = require('../src/support/process-lock.cjs');

const ROOT = path.join(__dirname, '..');
const OLDEST_NODE = [20, 0];
const COURSE_NODE = [22, 22]; // what testcontainers 12 and vega-lite 6 ask for
const STAMP = path.join(ROOT, 'node_modules', '.course-stamp');
const LOCK = path.join(ROOT, '.course', 'locks', 'install.lock');
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

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, Object.assign({ cwd: ROOT, stdio: 'inherit' }, options));
    let stderr = '';
    if (child.stderr) {
      child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr += text;
        process.stderr.write(text);
      });
    }
    // Ctrl-C reaches the child by itself; this process only has to outlive it, to pass on how it ended.
    const wait = () => {};
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', wait).on('SIGTERM', pass).on('SIGHUP', pass);
    const done = (result) => {
      process.removeListener('SIGINT', wait).removeListener('SIGTERM', pass).removeListener('SIGHUP', pass);
      resolve(result);
    };
    child.on('error', (error) => done({ error, stderr }));
    child.on('close', (code, signal) => done({ code, signal, stderr }));
  });
}

/** Two commands started on a fresh clone must not install into one another. */
async function installPackages() {
  const onWait = (pid) =>
    console.error(`Another command (process ${pid}) is installing packages: waiting for it.`);
  await withLockFile(LOCK, () => (isInstalled() ? undefined : npmCi()), onWait);
}

async function npmCi() {
  console.error('Installing the Node packages (once, about a minute) ...');
  const npmCli = process.env.npm_execpath;
  const [command, args] = npmCli ? [process.execPath, [npmCli, 'ci']] : ['npm', ['ci']];
  const shell = process.platform === 'win32' && !npmCli;
  const options = { shell, env: installEnvironment(), stdio: ['inherit', 'inherit', 'pipe'] };
  const result = await run(command, args.concat('--loglevel=error', '--no-progress'), options);
  if (result.error)
    giveUp(`npm could not be run (${result.error.message}): install npm, then run the command again.`);
  if (result.signal) {
    giveUp(
      `Installing the Node packages was stopped by ${result.signal}: run the command again to complete it.`,
    );
  }
  if (result.code !== 0) {
    const platform = `${process.platform}-${process.arch}`;
    const what = 'The Node packages';
    giveUp(describeInstallFailure({ what, tool: 'npm', text: result.stderr, platform }).sentence);
  }
  fs.writeFileSync(STAMP, wantedStamp());
}

/** npm's cache goes below .course where the home folder cannot be written, as in some containers. */
function installEnvironment() {
  const cache = process.env.npm_config_cache || path.join(os.homedir(), '.npm');
  try {
    fs.mkdirSync(cache, { recursive: true });
    fs.accessSync(cache, fs.constants.W_OK);
    return process.env;
  } catch {
    return Object.assign({}, process.env, { npm_config_cache: path.join(ROOT, '.course', 'npm-cache') });
  }
}

/** The Node that came with the packages, or null where none fits this platform. Theirs for Linux need glibc. */
function bundledNode() {
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) return null;
  const [platform, file] = process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node'];
  const folders = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
  const files = folders.map((folder) => path.join(ROOT, 'node_modules', folder, 'bin', file));
  return files.find((candidate) => fs.existsSync(candidate)) || null;
}

/** What a maintainer sets to find out how far it gets there; nobody has promised anything. */
const ANYWAY = 'COURSE_WINDOWS';

async function main() {
  if (process.platform === 'win32' && process.env[ANYWAY] !== 'native') {
    giveUp(
      'The course does not run on Windows itself: install WSL 2 once (in PowerShell: wsl --install -d Ubuntu), open Ubuntu, and run git clone and npm start there, in your Linux home folder; README.md, "On Windows", has each step.',
    );
  }
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
      `Node ${process.version} runs npm, but the course itself needs Node 22.22 and brings none for this system: install Node 22.22 or newer, then run the command again.`,
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

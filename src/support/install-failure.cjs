'use strict';

// Why a download or an installation failed, told from what the tool (npm, pip, the fetcher of jars) printed. Used by
// bin/course.cjs, too, which runs before anything is installed: plain JavaScript without newer syntax.

/** The first that fits decides. The network comes late: a full disk or an untrusted certificate also ends in connection errors. */
const CAUSES = [
  {
    cause: 'disk-full',
    text: /ENOSPC|EDQUOT|No space left on device|not enough space|quota exceeded/i,
    sentence: 'the disk is full: make room for 2 GB',
  },
  {
    cause: 'tls',
    text: /CERTIFICATE_VERIFY_FAILED|certificate verify failed|SELF_SIGNED_CERT|self[- ]signed certificate|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF|unable to get (local )?issuer certificate/i,
    sentence:
      'the certificate of the server is not trusted, as where a company inspects TLS: set NODE_EXTRA_CA_CERTS, PIP_CERT and REQUESTS_CA_BUNDLE to the file with the company’s certificate',
  },
  {
    cause: 'proxy',
    text: /ProxyError|Tunnel connection failed|Proxy Authentication Required|\b407\b|Cannot connect to proxy|ERR_PROXY|tunneling socket could not be established/i,
    sentence: 'the proxy refused the connection: check HTTPS_PROXY, its name and password included',
  },
  {
    cause: 'no-permission',
    text: /EACCES|EROFS|\bEPERM\b|Permission denied|Read-only file system|PermissionError/i,
    sentence:
      'a file or folder is not writable: make the course’s folder belong to your user (and the caches of npm and pip in your home)',
  },
  {
    cause: 'wrong-hash',
    text: /DO NOT MATCH THE HASHES|EINTEGRITY|SHA-256 differs/,
    sentence:
      'a download is not the file that the course has locked: a mirror or a proxy has changed it; use another one',
  },
  {
    cause: 'no-network',
    text: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|NewConnectionError|NameResolutionError|Failed to establish a new connection|Name or service not known|Temporary failure in name resolution|nodename nor servname|getaddrinfo failed|Network is unreachable|ConnectTimeout|ReadTimeout|Read timed out|Connection (refused|reset|aborted)|Max retries exceeded/i,
    sentence:
      'the network does not reach the registry: check the connection and, where there is one, HTTPS_PROXY',
  },
  {
    cause: 'no-wheel',
    text: /No matching distribution found for ([^\s(]+)/,
    sentence: '',
  },
];

function lastLine(text) {
  const lines = text
    .replace(/\x1b\[[0-9;]*m/g, '') // eslint-disable-line no-control-regex -- colours of a terminal
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== '' && !/^(\[notice\]|npm error A complete log|npm error\s+\/|npm error\s*$)/.test(line),
    );
  return lines.length === 0 ? 'nothing' : lines[lines.length - 1];
}

/**
 * `what` could not be installed; `tool` printed `text`. Returns the cause's name and one sentence with the cause, the next
 * step and what the tool said last.
 */
function describeInstallFailure({ what, tool, text, platform }) {
  const said = `(${tool} said last: ${lastLine(text)})`;
  const found = CAUSES.find((each) => each.text.test(text));
  if (found === undefined) {
    return {
      cause: 'unknown',
      sentence: `${what} could not be installed ${said}: run the command again to complete it.`,
    };
  }
  if (found.cause === 'no-wheel') {
    const name = found.text.exec(text)[1];
    // pip says the same of an index that it did not reach, and sometimes nothing more.
    const maybe = /from versions: none/.test(text) ? ', or the network does not reach the registry' : '';
    return {
      cause: found.cause,
      sentence: `${what} could not be installed, because ${name} does not exist prebuilt for ${platform}${maybe} ${said}: install a Python that the course supports beside it (README.md names them), delete the folder .course/venv, then run the command again.`,
    };
  }
  return {
    cause: found.cause,
    sentence: `${what} could not be installed, because ${found.sentence}, then run the command again to complete it ${said}.`,
  };
}

exports.describeInstallFailure = describeInstallFailure;

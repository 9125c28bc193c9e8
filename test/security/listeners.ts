import fs from 'node:fs';

/** A TCP socket that waits for connections. */
export interface Listener {
  readonly pid: number;
  /** Dotted, or IPv6 in full: `0000:…:0001`. */
  readonly address: string;
  readonly port: number;
}

const LISTENING = '0A';

/** What a process and all that it started listen on, read from Linux's own tables. */
export function listenersOf(root: number): Listener[] {
  const sockets = new Map<string, { address: string; port: number }>();
  for (const table of ['tcp', 'tcp6']) {
    const file = `/proc/net/${table}`;
    if (!fs.existsSync(file)) continue;
    for (const line of fs.readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (state === LISTENING) sockets.set(inode, { address: readable(address), port: parseInt(port, 16) });
    }
  }
  return [root, ...descendants(root)].flatMap((pid) =>
    inodesOf(pid).flatMap((inode) => {
      const socket = sockets.get(inode);
      return socket === undefined ? [] : [{ pid, ...socket }];
    }),
  );
}

export function isLoopback({ address }: Listener): boolean {
  return /^127\.|^(0000:){7}0001$|^(0000:){5}ffff:7f/i.test(address);
}

/** The command lines of a process and all that it started, as every user of the machine can read them. */
export function commandLinesOf(root: number): string[] {
  return [root, ...descendants(root)].map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
}

/** By parent, also through processes that have become session leaders of their own. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of fs.readdirSync('/proc')) {
    // The name in parentheses may hold anything; the parent is the second field behind it.
    const parent = Number(/\) \S (\d+) /.exec(read(`/proc/${name}/stat`))?.[1]);
    if (/^\d+$/.test(name)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let next = [root]; next.length > 0;) {
    next = next.flatMap((pid) => children.get(pid) ?? []);
    found.push(...next);
  }
  return found;
}

function inodesOf(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed in the meantime
      }
    });
  } catch {
    return []; // ended in the meantime
  }
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The kernel prints each 32-bit word in the machine's own order, which is little-endian wherever the course runs. */
function readable(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => word.match(/../g)!.reverse());
  if (bytes.length === 4) return bytes.map((byte) => parseInt(byte, 16)).join('.');
  return (bytes.join('').match(/.{4}/g) ?? []).join(':').toLowerCase();
}

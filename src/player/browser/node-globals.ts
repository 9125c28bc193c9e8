import { Buffer as BufferInPage } from 'buffer/';

/** What the producer's code takes for granted, as Node has it. The bundler puts these in wherever the names are used. */
export const Buffer = BufferInPage;

export const process = {
  env: {} as Record<string, string | undefined>,
  emitWarning(warning: string | Error): void {
    console.warn(String(warning));
  },
};

const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()?.();

/** A turn of the event loop: setTimeout waits for 4 ms in a browser. Several runs at a time have turns of their own. */
export function setImmediate(fn: () => void): void {
  turns.push(fn);
  channel.port2.postMessage(null);
}

import { randomUUID } from 'node:crypto';
import { kernelHost, type MimeBundle } from './kernel-host';

/** Shows one output below the running cell. Outside a kernel its text goes to the terminal. */
export function display(data: MimeBundle): void {
  show(data, undefined, false);
}

/** Returns a function that shows an output once and then replaces it in place, however many cells have run since. */
export function liveDisplay(): (data: MimeBundle) => void {
  const id = randomUUID();
  let shown = false;
  return (data) => {
    show(data, id, shown);
    shown = true;
  };
}

function show(data: MimeBundle, id: string | undefined, update: boolean): void {
  const host = kernelHost();
  if (host === undefined) console.log(data['text/plain']);
  else host.display(data, id, update);
}

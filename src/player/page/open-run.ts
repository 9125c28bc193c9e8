import { gunzipSync, strFromU8 } from 'fflate';
import type { PlayOptions } from '../model/play-options';

/** What the page carries: gzip in base64, because a trace is text that repeats itself. Throws an Error with a sentence. */
export function openRun(): { run: unknown; options: PlayOptions } {
  const element = document.getElementById('run');
  if (element === null) throw new Error('The page carries no run: run the cell again.');
  const binary = atob(element.textContent.trim());
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return JSON.parse(strFromU8(gunzipSync(bytes))) as { run: unknown; options: PlayOptions };
}

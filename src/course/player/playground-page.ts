import { bundlePlayer } from './bundle-player';
import { pageWith } from './player-page';

/** The playground as one file that needs nothing else, from a web server or from a folder. */
export async function playgroundPage(): Promise<string> {
  const script = await bundlePlayer('playground-entry');
  return pageWith({ title: 'Inside a Kafka producer', body: '<div id="page"></div>', script });
}

import { publishKafka, useKafka, type CourseKafka } from '../../broker/index';
import { findRunningKafka } from '../../broker/shared-kafka';
import { watchKafka } from '../../broker/watch-kafka';
import { CourseError } from '../../support/course-error';
import { ensurePythonEnv } from '../../support/python-env';
import { choosePort } from './choose-port';
import { startJupyterLab, type JupyterLab } from './jupyter-lab';
import { openBrowser } from './open-browser';
import { claimRunFile, releaseRunFile, writeRunFile, type RunningLab } from './run-file';

export interface StartFlags {
  readonly port?: number;
  /** Open a browser where there is one. */
  readonly browser: boolean;
}

/**
 * `npm start`: a broker and JupyterLab, until Ctrl-C. Prints one URL. Where one runs already in this project, prints that
 * one's URL and is done.
 */
export async function runStartCommand({ port, browser }: StartFlags): Promise<void> {
  const running = await claimRunFile();
  if (running !== null) {
    console.log(describeRunning(running));
    return;
  }
  const stopRequest = stopRequested();
  const opened: Closeable[] = [];
  try {
    const started = await Promise.race([startBoth(port, opened), stopRequest.promise]);
    if (started === 'stop') return;
    const { lab, kafka } = started;
    writeRunFile({ pid: process.pid, url: lab.url, port: lab.port });
    console.log(`Kafka ${kafka.version} (${kafka.kind}) is running on ${kafka.bootstrapServers}.`);
    console.log(`\n  JupyterLab: ${lab.url}\n\nCtrl-C stops both.`);
    if (browser) openBrowser(lab.url);
    const ended = await Promise.race([lab.exited.then(() => 'ended' as const), stopRequest.promise]);
    if (ended === 'ended') {
      throw new CourseError(
        'JupyterLab has ended by itself: .course/jupyter/jupyter.log says why.',
        'PREREQUISITE',
      );
    }
  } finally {
    if (opened.length > 0) console.log('Stopping JupyterLab and Kafka ...');
    // In reverse: notebooks first, which may have topics to delete.
    for (const started of opened.reverse()) await started.stop();
    releaseRunFile();
    stopRequest.release();
  }
}

interface Closeable {
  stop(): Promise<void>;
}

/** What was started is entered in `opened` at once, so that a failure or Ctrl-C in the middle leaves nothing behind. */
async function startBoth(
  port: number | undefined,
  opened: Closeable[],
): Promise<{ lab: JupyterLab; kafka: CourseKafka }> {
  const onProgress = (line: string) => console.log(line);
  // Before anything is installed or started: the port may be all that is wrong.
  if (port !== undefined) await choosePort(port, port);
  const python = await ensurePythonEnv({ requirements: 'requirements/lab.txt', onProgress });
  console.log('Starting Kafka and JupyterLab ...');
  const kafka = useKafka({ onProgress });
  opened.push({ stop: async () => (await kafka.catch(() => null))?.stop() });
  const lab = startJupyterLab({ python, port });
  opened.push({ stop: async () => (await lab.catch(() => null))?.stop() });
  const both = await Promise.all([kafka, lab]);
  opened.push({ stop: await publishIfOwn(both[0]) });
  return { kafka: both[0], lab: both[1] };
}

/** Lets notebooks and other commands find this broker, and keeps it alive, unless it is one that they find already. */
async function publishIfOwn(kafka: CourseKafka): Promise<() => Promise<void>> {
  const published = await findRunningKafka({});
  if (published?.bootstrapServers === kafka.bootstrapServers) return () => Promise.resolve();
  const unpublish = publishKafka(kafka);
  const watch = watchKafka(kafka, {
    onProgress: (line) => console.log(line),
    onRestart: (state) => publishKafka(kafka, undefined, { restarting: state === 'restarting' }),
  });
  return async () => {
    unpublish();
    await watch.stop();
  };
}

/** Resolves with the first request to stop; the second one ends the process, whatever is still to be done. */
function stopRequested(): { promise: Promise<'stop'>; release(): void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let asked = false;
  let resolve: (value: 'stop') => void;
  const promise = new Promise<'stop'>((done) => (resolve = done));
  const onSignal = () => {
    if (asked) process.exit(130); // the guards end what this process leaves behind
    asked = true;
    resolve('stop');
  };
  for (const signal of signals) process.on(signal, onSignal);
  const release = () => signals.forEach((signal) => process.off(signal, onSignal));
  return { promise, release };
}

function describeRunning({ pid, url }: RunningLab): string {
  return url === null
    ? `npm start is already under way in this folder (process ${pid}): its URL will appear there.`
    : `JupyterLab is already running (process ${pid}): ${url}`;
}

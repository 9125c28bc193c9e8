import { publishKafka } from './shared-kafka';
import { watchKafka } from './watch-kafka';
import type { CourseKafka, StartKafkaOptions } from './course-kafka';

/**
 * `npm run kafka`: keeps a broker running until Ctrl-C, SIGTERM or SIGHUP. Prints `bootstrap.servers=…` on stdout once
 * it can be used, everything else through `onProgress`. Other commands of this project use it meanwhile.
 */
export async function keepKafkaRunning(
  start: (options: StartKafkaOptions) => Promise<CourseKafka>,
  options: StartKafkaOptions,
): Promise<void> {
  // Taken before the start: a signal during it must not leave half of it behind.
  const asked = nextSignal();
  const starting = start(options);
  const kafka = await Promise.race([starting, asked.promise.then(() => undefined)]);
  try {
    if (kafka) await serve(kafka, asked.promise, options);
  } finally {
    asked.forget();
    await (kafka ?? (await starting.catch(() => undefined)))?.stop();
  }
}

async function serve(
  kafka: CourseKafka,
  asked: Promise<unknown>,
  { onProgress }: StartKafkaOptions,
): Promise<void> {
  const unpublish = publishKafka(kafka);
  const watch = watchKafka(kafka, {
    onProgress: (line) => onProgress?.(line),
    onRestart: (state) => publishKafka(kafka, undefined, { restarting: state === 'restarting' }),
  });
  // The broker itself does not keep this process running; this does.
  const keepAlive = setInterval(() => {}, 60_000);
  try {
    onProgress?.(
      `Apache Kafka ${kafka.version} (${kafka.kind}, brokers: ${kafka.brokers}) is running. Ctrl-C stops it.`,
    );
    process.stdout.write(`bootstrap.servers=${kafka.bootstrapServers}\n`);
    await asked;
    onProgress?.('Stopping Kafka ...');
  } finally {
    clearInterval(keepAlive);
    unpublish();
    await watch.stop();
  }
}

function nextSignal(): { promise: Promise<void>; forget: () => void } {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let forget = () => {};
  const promise = new Promise<void>((resolve) => {
    const onSignal = () => resolve();
    for (const signal of signals) process.on(signal, onSignal);
    forget = () => {
      for (const signal of signals) process.off(signal, onSignal);
    };
  });
  return { promise, forget };
}

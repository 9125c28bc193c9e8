import { bundlePlayer } from '../player/bundle-player';
import { playerPage } from '../player/player-page';
import { describeEvent } from '../../player/model/describe-event';
import { formatCount, formatMs, plural } from '../../player/model/format';
import { withLogAsReadBack } from '../../player/model/log-as-read-back';
import type { PlayOptions } from '../../player/model/play-options';
import type { PlayerRun } from '../../player/model/player-run';
import { MOST_EVENTS, readableEvents } from '../../player/model/readable-events';
import { RunIndex } from '../../player/model/run-index';
import { summarize } from '../../player/model/run-summary';
import type { TraceEvent } from '../../trace/trace-event';
import { xrayPartition } from '../../lab/log/log-xray';
import { display } from './display';
import type { MimeBundle } from './kernel-host';
import type { NotebookKafka } from './notebook-kafka';
import { escapeHtml } from './table';

export interface PlayInNotebook {
  /** Above the picture. */
  readonly title?: string;
  /** Number of a record, from 1 in the order of send(): its way is shown first. */
  readonly follow?: number;
  /** The part of the run that the time line shows first, in milliseconds from its first event. */
  readonly from?: number;
  readonly to?: number;
  /** Begin after so many events. */
  readonly moment?: number;
  /** Of the producer, by dotted names: draws linger.ms and buffer.memory as limits. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Where the run was: then the picture has the topic's log as the broker holds it now. */
  readonly kafka?: NotebookKafka;
  readonly topic?: string;
}

/** Anything that holds trace events: a TraceRecorder, a list, or a run of the simulation. */
export type Playable = { readonly events: readonly TraceEvent[] } | readonly TraceEvent[] | PlayerRun;

/** JupyterLab's output area is as high as this; the player fills it. */
const HEIGHT_PX = 760;
const EVENTS_IN_WORDS = 60;

/**
 * Shows a run in the player: step through it, follow a record, look into batches. What is shown needs neither the kernel nor
 * the network, so that it works after a reload, in the book, and in a notebook that is only read.
 */
export async function play(trace: Playable, options: PlayInNotebook = {}): Promise<void> {
  display(await playBundle(trace, options));
}

/** Its output in two forms: the player, and words for where no script runs. */
export async function playBundle(trace: Playable, options: PlayInNotebook = {}): Promise<MimeBundle> {
  const run = await runOf(trace, options);
  const { follow, from, to, moment } = options;
  const start: PlayOptions = { follow: follow, fromMs: from, toMs: to, position: moment };
  const page = playerPage(run, start, await playerScript());
  const words = inWords(run);
  const frame = `<iframe srcdoc="${escapeAttribute(page)}" title="${escapeAttribute(run.title)}" style="width:100%;height:${HEIGHT_PX}px;border:0"></iframe>`;
  const list = words.lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('');
  return {
    'text/html': `${frame}<details><summary>${escapeHtml(words.summary)}</summary><ol>${list}</ol></details>`,
    'text/plain': [words.summary, ...words.lines].join('\n'),
  };
}

/** Bundling takes a third of a second: once for each kernel. */
let script: Promise<string> | undefined;
function playerScript(): Promise<string> {
  return (script ??= bundlePlayer('notebook-entry'));
}

async function runOf(trace: Playable, options: PlayInNotebook): Promise<PlayerRun> {
  const given = Array.isArray(trace)
    ? { events: trace as readonly TraceEvent[] }
    : (trace as Partial<PlayerRun>);
  const { title, config, kafka, topic } = options;
  const all = given.events ?? [];
  const events = all.length > MOST_EVENTS ? all.slice(0, MOST_EVENTS) : all;
  const run: PlayerRun = {
    ...given,
    title: title ?? given.title ?? 'What the producer did',
    events: events,
    config: { ...given.config, ...config },
  };
  if (kafka === undefined || topic === undefined) return run;
  const read = withLogAsReadBack(events, await readBack(kafka, topic));
  return {
    ...run,
    events: read.events,
    bytes: new Map([...(given.bytes ?? []), ...read.bytes]),
    notes: [
      ...(given.notes ?? []),
      `The logs are as Kafka ${kafka.kafka.version} holds them; when it wrote a batch is shown half way between request and response.`,
    ],
  };
}

async function readBack(kafka: NotebookKafka, topic: string) {
  const partitions = (await kafka.recordsPerPartition(topic)).map((_, partition) => partition);
  const logs = await Promise.all(
    partitions.map(async (partition) => {
      const batches = await xrayPartition(kafka.kafka, { topic: topic, partition: partition });
      return batches.map((batch) => ({
        topic: topic,
        partition: partition,
        baseOffset: batch.baseOffset,
        records: batch.records,
        producerId: batch.producerId,
        producerEpoch: batch.producerEpoch,
        baseSequence: batch.baseSequence,
        bytes: batch.bytes,
      }));
    }),
  );
  return logs.flat();
}

/** One sentence about the run, and its first events, for where the picture cannot be shown. */
function inWords(run: PlayerRun): { readonly summary: string; readonly lines: readonly string[] } {
  const { events, complaints } = readableEvents(run.events);
  const index = new RunIndex(events);
  const { sends, acknowledged, requests, retries, duplicates } = summarize(index);
  const summary =
    `${run.title}: ${plural(events.length, 'event')} in ${formatMs(index.endMs)}, ${plural(sends, 'record')}, ` +
    `${formatCount(acknowledged)} acknowledged, ${plural(requests, 'request')}, ${plural(retries, 'retry', 'retries')}, ` +
    `${plural(duplicates, 'record')} written twice. The run in words`;
  const lines = events
    .slice(0, EVENTS_IN_WORDS)
    .map((event, position) => `${formatMs(event.atMs)}: ${describeEvent(event, index, position)}`);
  const left = events.length - lines.length;
  return {
    summary: summary,
    lines: [...complaints, ...lines, ...(left > 0 ? [`… and ${plural(left, 'more event')}.`] : [])],
  };
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
}

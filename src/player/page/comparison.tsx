import { useMemo } from 'preact/hooks';
import { formatBytes, formatCount, formatMs } from '../model/format';
import type { PlayerRun } from '../model/player-run';
import { readableEvents } from '../model/readable-events';
import { partitionsOf, summarize } from '../model/run-summary';
import type { RunSummary } from '../model/run-summary';
import { Timeline } from '../model/timeline';
import { describeEvent } from '../model/describe-event';
import { Picture } from './picture';
import { SPEEDS, usePlayback } from './playback';
import { TimeLine } from './time-line';

export interface ComparisonProps {
  readonly before: PlayerRun;
  readonly after: PlayerRun;
  readonly beforeName: string;
  readonly afterName: string;
  readonly atMs: number;
  readonly close: () => void;
}

/** Two futures of one past: the same time in both, and what differs in figures. */
export function Comparison({ before, after, beforeName, afterName, atMs, close }: ComparisonProps) {
  const sides = useMemo(
    () => [before, after].map((run) => new Timeline(readableEvents(run.events).events)),
    [before, after],
  );
  const longer = sides[0]!.index.endMs >= sides[1]!.index.endMs ? sides[0]! : sides[1]!;
  const playback = usePlayback(longer, longer.index.positionAt(atMs));
  const { place } = playback;
  const endMs = Math.max(longer.index.endMs, 1e-3);
  const both = [
    { timeline: sides[0]!, run: before, name: beforeName, title: 'As it was' },
    { timeline: sides[1]!, run: after, name: afterName, title: 'With the change' },
  ];
  return (
    <section class="comparison" aria-label="Two futures side by side">
      <div class="sides">
        {both.map(({ timeline, run, name, title }) => {
          const position = timeline.index.positionAt(place.timeMs);
          const event = position === 0 ? null : timeline.events[position - 1]!;
          return (
            <div class="side" key={title}>
              <h2>
                {title} <span class="faint">{name}</span>
              </h2>
              <Picture
                index={timeline.index}
                moment={timeline.momentAt(position)}
                timeMs={place.timeMs}
                event={event}
                partitions={partitionsOf(timeline.index)}
                config={run.config ?? {}}
                selection={null}
                select={() => {}}
                isCompact
              />
              <p class="caption">
                {event === null ? '' : describeEvent(event, timeline.index, position - 1)}
              </p>
              <TimeLine
                timeline={timeline}
                playback={playback}
                window={{ fromMs: 0, toMs: endMs }}
                name={`Time, ${title.toLowerCase()}`}
                position={position}
              />
            </div>
          );
        })}
      </div>
      <div class="controls">
        <button type="button" class="play" onClick={playback.toggle}>
          {playback.isPlaying ? 'Pause' : 'Play both'}
        </button>
        <button type="button" onClick={() => playback.toPosition(longer.index.positionAt(atMs))}>
          To the fork ({formatMs(atMs)})
        </button>
        <button type="button" onClick={() => playback.toTime(endMs)}>
          To the end
        </button>
        <label>
          <span class="label">Speed</span>
          <select
            value={playback.speed}
            onChange={(event) => playback.setSpeed(Number(event.currentTarget.value))}
          >
            {SPEEDS.map(({ name }, at) => (
              <option key={name} value={at}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <span class="where">
          <b>{formatMs(place.timeMs)}</b>
        </span>
        <button type="button" onClick={close}>
          Back to one run
        </button>
      </div>
      <Differences sides={sides} />
    </section>
  );
}

const FIGURES: readonly { readonly name: string; readonly of: (summary: RunSummary) => string }[] = [
  { name: 'records acknowledged', of: ({ acknowledged }) => formatCount(acknowledged) },
  { name: 'records failed', of: ({ failed, rejected }) => formatCount(failed + rejected) },
  { name: 'records written twice', of: ({ duplicates }) => formatCount(duplicates) },
  { name: 'records out of order', of: ({ outOfOrder }) => formatCount(outOfOrder) },
  { name: 'requests', of: ({ requests }) => formatCount(requests) },
  { name: 'records per batch', of: ({ recordsPerBatch }) => decimal(recordsPerBatch) },
  { name: 'bytes sent', of: ({ bytesSent }) => formatBytes(bytesSent) },
  { name: 'retries', of: ({ retries }) => formatCount(retries) },
  { name: 'epoch bumps', of: ({ epochBumps }) => formatCount(epochBumps) },
  { name: 'splits', of: ({ splits }) => formatCount(splits) },
  { name: 'median latency', of: ({ medianLatencyMs }) => time(medianLatencyMs) },
  { name: 'highest latency', of: ({ highestLatencyMs }) => time(highestLatencyMs) },
  { name: 'all done after', of: ({ endMs }) => time(endMs) },
];

const decimal = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(1));
const time = (ms: number): string => (Number.isNaN(ms) ? '–' : formatMs(ms));

function Differences({ sides }: { sides: readonly Timeline[] }) {
  const [before, after] = useMemo(() => sides.map(({ index }) => summarize(index)), [sides]);
  const rows = FIGURES.map(({ name, of }) => ({ name, old: of(before!), now: of(after!) }));
  const differing = rows.filter(({ old, now }) => old !== now);
  const same = rows.filter(({ old, now }) => old === now);
  return (
    <div class="differences" tabIndex={0} role="region" aria-label="What differs">
      <table>
        <caption>At the end of both runs</caption>
        <thead>
          <tr>
            <td />
            {differing.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">as it was</th>
            {differing.map(({ name, old }) => (
              <td key={name}>{old}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">with the change</th>
            {differing.map(({ name, now }) => (
              <td key={name}>
                <b>{now}</b>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <p class="faint">
        {differing.length === 0 ? 'Nothing differs in these figures. ' : ''}The same in both:{' '}
        {same.map(({ name, old }) => `${name} ${old}`).join(', ')}.
      </p>
    </div>
  );
}

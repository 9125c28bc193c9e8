import { useMemo, useState } from 'preact/hooks';
import { describeEvent, toneOf } from '../model/describe-event';
import { formatMs } from '../model/format';
import type { RunIndex } from '../model/run-index';
import type { Timeline } from '../model/timeline';
import { SPEEDS } from './playback';
import type { Playback } from './playback';
import type { Selection } from './selection';
import type { TimeWindow } from './time-line';

export interface ControlsProps {
  readonly timeline: Timeline;
  readonly playback: Playback;
  readonly window: TimeWindow;
  readonly setWindow: (window: TimeWindow) => void;
  readonly select: (selection: Selection) => void;
  /** Why playing is not possible yet, as for a scenario without a prediction. */
  readonly locked: string | null;
}

/** The buttons that one needs all the time. */
export function PlayButtons(props: ControlsProps) {
  const { timeline, playback, locked } = props;
  const { place, isPlaying } = playback;
  const total = timeline.events.length;
  const go = (position: number) => playback.toPosition(position);
  return (
    <div class="group" role="group" aria-label="Playing">
      <button
        type="button"
        onClick={() => go(0)}
        disabled={place.position === 0}
        aria-label="To the beginning"
        title="To the beginning (Home)"
      >
        <Icon name="first" />
      </button>
      <button
        type="button"
        onClick={() => go(place.position - 1)}
        disabled={place.position === 0}
        aria-label="Previous event"
        title="Previous event (←)"
      >
        <Icon name="previous" />
      </button>
      <button
        type="button"
        class="play"
        onClick={playback.toggle}
        disabled={locked !== null || total === 0}
        title={locked ?? (isPlaying ? 'Pause (space)' : 'Play (space)')}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} /> {isPlaying ? 'Pause' : 'Play'}
      </button>
      <button
        type="button"
        onClick={() => go(place.position + 1)}
        disabled={locked !== null || place.position >= total}
        aria-label="Next event"
        title="Next event (→)"
      >
        <Icon name="next" />
      </button>
      <button
        type="button"
        onClick={() => go(total)}
        disabled={locked !== null || place.position >= total}
        aria-label="To the end"
        title="To the end (End)"
      >
        <Icon name="last" />
      </button>
    </div>
  );
}

/** Speed, zoom, and ways to get somewhere. */
export function MoreControls(props: ControlsProps) {
  const { playback } = props;
  return (
    <>
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
      <Zoom {...props} />
      <Jump {...props} />
    </>
  );
}

function Zoom({ timeline, playback, window: shown, setWindow }: ControlsProps) {
  const whole = { fromMs: 0, toMs: Math.max(timeline.index.endMs, 1e-3) };
  const by = (factor: number) => setWindow(zoomed(shown, playback.place.timeMs, factor, whole.toMs));
  const isWhole = shown.fromMs <= 0 && shown.toMs >= whole.toMs;
  return (
    <div class="group" role="group" aria-label="Zoom">
      <button type="button" onClick={() => by(1 / 3)} aria-label="Zoom in" title="Zoom in (+)">
        <Icon name="plus" />
      </button>
      <button
        type="button"
        onClick={() => by(3)}
        disabled={isWhole}
        aria-label="Zoom out"
        title="Zoom out (−)"
      >
        <Icon name="minus" />
      </button>
      <button type="button" onClick={() => setWindow(whole)} disabled={isWhole}>
        Whole run
      </button>
    </div>
  );
}

/** The window made larger or smaller around a time that stays where it is. */
export function zoomed(
  { fromMs, toMs }: TimeWindow,
  aroundMs: number,
  factor: number,
  endMs: number,
): TimeWindow {
  const span = Math.min(endMs, Math.max(0.01, (toMs - fromMs) * factor));
  const share = Math.min(1, Math.max(0, (aroundMs - fromMs) / Math.max(1e-9, toMs - fromMs)));
  const from = Math.min(endMs - span, Math.max(0, aroundMs - share * span));
  return { fromMs: from, toMs: from + span };
}

const QUESTIONS = [
  ['sent', 'was sent'],
  ['appended', 'entered its batch'],
  ['drained', 'left in a request'],
  ['written', 'was written'],
  ['completed', 'was answered for'],
] as const;
type Question = (typeof QUESTIONS)[number][0];

function Jump({ timeline, playback, select, locked }: ControlsProps) {
  const { index } = timeline;
  const [record, setRecord] = useState('1');
  const [question, setQuestion] = useState<Question>('sent');
  const [reply, setReply] = useState('');
  const moments = useMemo(() => notableMoments(timeline), [timeline]);
  const ask = (event: Event) => {
    event.preventDefault();
    const number = Number(record);
    const found = momentOf(number, question, index);
    if (typeof found === 'string') return setReply(found);
    setReply('');
    select({ kind: 'record', record: number });
    playback.toPosition(found + 1);
  };
  return (
    <>
      <label>
        <span class="label">Go to</span>
        <select
          value=""
          disabled={locked !== null}
          onChange={(event) => {
            if (event.currentTarget.value !== '') playback.toPosition(Number(event.currentTarget.value) + 1);
            event.currentTarget.value = '';
          }}
        >
          <option value="">{moments.length === 0 ? 'nothing unusual happens' : 'an unusual moment …'}</option>
          {moments.map(({ position, text }) => (
            <option key={position} value={position}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <form class="when" onSubmit={ask}>
        <label>
          <span class="label">When record</span>
          <input
            type="number"
            min={1}
            value={record}
            onInput={(event) => setRecord(event.currentTarget.value)}
          />
        </label>
        <select
          aria-label="What happened to the record"
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value as Question)}
        >
          {QUESTIONS.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <button type="submit" disabled={locked !== null}>
          Go
        </button>
        <span role="status" class="reply">
          {reply}
        </span>
      </form>
    </>
  );
}

/** A position, or a sentence about why there is none. */
function momentOf(record: number, question: Question, index: RunIndex): number | string {
  const entry = index.records.get(record);
  if (entry === undefined) return `There is no record ${record} in this run.`;
  const batch = index.batches.get(entry.batch);
  const found = {
    sent: entry.sentAt,
    appended: entry.appendedAt,
    drained: batch?.drainedAt[0] ?? -1,
    written: writtenAt(record, index),
    completed: Math.max(entry.completedAt, entry.rejectedAt),
  }[question];
  return found === -1 ? `That never happened to record ${record}.` : found;
}

function writtenAt(record: number, index: RunIndex): number {
  for (const log of index.logs.values()) {
    for (const entry of log) if (index.recordsOf(entry.batch).includes(record)) return entry.position;
  }
  return -1;
}

const MOST_MOMENTS = 40;

function notableMoments({ events, index }: Timeline): { position: number; text: string }[] {
  const found: { position: number; text: string }[] = [];
  for (let position = 0; position < events.length && found.length < MOST_MOMENTS; position++) {
    const event = events[position]!;
    const tone = toneOf(event);
    if (tone !== 'trouble' && tone !== 'bad') continue;
    const words = describeEvent(event, index, position);
    found.push({
      position,
      text: `${formatMs(event.atMs)}: ${words.length > 80 ? `${words.slice(0, 78)} …` : words}`,
    });
  }
  return found;
}

const ICONS = {
  first: 'M3,3v10M13,3l-7,5l7,5z',
  previous: 'M12,3l-8,5l8,5z',
  play: 'M4,2l10,6l-10,6z',
  pause: 'M4,3h3v10h-3zM9,3h3v10h-3z',
  next: 'M4,3l8,5l-8,5z',
  last: 'M13,3v10M3,3l7,5l-7,5z',
  plus: 'M8,3v10M3,8h10',
  minus: 'M3,8h10',
} as const;

function Icon({ name }: { name: keyof typeof ICONS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}

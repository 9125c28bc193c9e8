import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { describeEvent, describePosition } from '../model/describe-event';
import { formatMs } from '../model/format';
import type { PlayerRun } from '../model/player-run';
import { readableEvents } from '../model/readable-events';
import { partitionsOf } from '../model/run-summary';
import { Timeline } from '../model/timeline';
import { MoreControls, PlayButtons, zoomed } from './controls';
import { EventList } from './event-list';
import { Inspector } from './inspector';
import { Picture } from './picture';
import { usePlayback } from './playback';
import type { Selection } from './selection';
import { TimeLine } from './time-line';
import type { TimeWindow } from './time-line';

export interface PlayerProps {
  readonly run: PlayerRun;
  /** Where to begin: events that have happened already. */
  readonly position?: number | null;
  readonly selection?: Selection;
  readonly window?: TimeWindow | null;
  readonly locked?: string | null;
  /** Called when somebody has come to rest somewhere. */
  readonly onPlace?: (place: {
    readonly position: number;
    readonly timeMs: number;
    readonly selection: Selection;
  }) => void;
  /** The page around it shows the title already. */
  readonly isTitled?: boolean;
  /** A moment that somebody points at from outside; a new object goes there. */
  readonly target?: { readonly position: number; readonly selection?: Selection } | null;
}

const NO_BYTES: ReadonlyMap<number, Uint8Array> = new Map();

/** One run, to be played and looked into. */
export function Player(props: PlayerProps) {
  const { run, locked = null, target = null, onPlace, isTitled = false } = props;
  const readable = useMemo(() => readableEvents(run.events), [run]);
  const timeline = useMemo(() => new Timeline(readable.events), [readable]);
  const partitions = useMemo(() => partitionsOf(timeline.index), [timeline]);
  const playback = usePlayback(timeline, props.position ?? null);
  const [selection, setSelection] = useState<Selection>(props.selection ?? null);
  const [shown, setWindow] = useState<TimeWindow>(
    props.window ?? { fromMs: 0, toMs: Math.max(timeline.index.endMs, 1e-3) },
  );
  const { place } = playback;
  const { position } = place;
  const moment = timeline.momentAt(position);
  const event = position === 0 ? null : timeline.events[position - 1]!;

  useEffect(() => {
    if (target === null) return;
    playback.toPosition(target.position);
    if (target.selection !== undefined) setSelection(target.selection);
  }, [target]);
  useEffect(() => {
    if (!playback.isPlaying) onPlace?.({ position, timeMs: place.timeMs, selection });
  }, [position, place.timeMs, selection, playback.isPlaying]);
  useEffect(() => {
    const span = shown.toMs - shown.fromMs;
    if (place.timeMs < shown.fromMs || place.timeMs > shown.toMs) {
      const fromMs = Math.max(0, Math.min(timeline.index.endMs - span, place.timeMs - span * 0.1));
      setWindow({ fromMs, toMs: fromMs + span });
    }
  }, [place.timeMs]);

  const root = useRef<HTMLElement>(null);
  const onKeyDown = useCallback(
    (key: KeyboardEvent) => {
      if (key.ctrlKey || key.metaKey || key.altKey || isTyping(key.target)) return;
      const step = key.shiftKey ? 10 : 1;
      const actions: Readonly<Record<string, () => void>> = {
        ArrowRight: () => locked === null && playback.toPosition(position + step),
        ArrowLeft: () => playback.toPosition(position - step),
        PageDown: () => locked === null && playback.toPosition(position + 100),
        PageUp: () => playback.toPosition(position - 100),
        Home: () => playback.toPosition(0),
        End: () => locked === null && playback.toPosition(timeline.events.length),
        ' ': () => locked === null && playback.toggle(),
        '+': () => setWindow(zoomed(shown, place.timeMs, 1 / 3, timeline.index.endMs)),
        '-': () => setWindow(zoomed(shown, place.timeMs, 3, timeline.index.endMs)),
        Escape: () => setSelection(null),
      };
      // On a button, space presses it; and lists scroll by themselves.
      if (key.key === ' ' && key.target instanceof HTMLButtonElement) return;
      const action = actions[key.key];
      if (action === undefined) return;
      key.preventDefault();
      action();
    },
    [playback, position, locked, shown, place.timeMs, timeline],
  );

  const controls = { timeline, playback, window: shown, setWindow, select: setSelection, locked };
  const isNarrow = useNarrow();
  const words = event === null ? '' : describeEvent(event, timeline.index, position - 1);
  const goTo = (to: number) => locked === null && playback.toPosition(to);
  return (
    <article class="player" ref={root} onKeyDown={onKeyDown} aria-label={run.title}>
      {!isTitled && (
        <header class="player-head">
          <h2>{run.title}</h2>
        </header>
      )}
      <Complaints complaints={readable.complaints} isEmpty={timeline.events.length === 0} />
      <div class="stage">
        <Picture
          index={timeline.index}
          moment={moment}
          timeMs={place.timeMs}
          event={event}
          partitions={partitions}
          config={run.config ?? {}}
          selection={selection}
          select={setSelection}
        />
        <aside aria-label="In words">
          {locked !== null ? (
            <p class="faint unseen">What happens appears here once you have predicted it.</p>
          ) : selection === null ? (
            <EventList timeline={timeline} position={position} only={null} goTo={goTo} />
          ) : (
            <Inspector
              timeline={timeline}
              position={position}
              bytes={run.bytes ?? NO_BYTES}
              selection={selection}
              select={setSelection}
              goTo={goTo}
            />
          )}
        </aside>
      </div>
      <div class="transport">
        <div class="now-line">
          <p class="caption">
            {locked ?? (words || 'Nothing has happened yet: press Play, or step with the arrow keys.')}
          </p>
          <span class="where">
            <b>{formatMs(place.timeMs)}</b>{' '}
            <span class="faint">{describePosition(position, timeline.events.length)}</span>
          </span>
        </div>
        <TimeLine timeline={timeline} playback={playback} window={shown} isHidden={locked !== null} />
        <div class="controls">
          <PlayButtons {...controls} />
          {!isNarrow && <MoreControls {...controls} />}
        </div>
      </div>
      {isNarrow && (
        <div class="controls">
          <MoreControls {...controls} />
        </div>
      )}
      {(run.notes ?? []).length > 0 && <p class="notes faint">{(run.notes ?? []).join(' ')}</p>}
      <p class="for-screen-readers" role="status">
        {playback.announced === position ? words : ''}
      </p>
    </article>
  );
}

/** A phone: the stylesheet draws the same line. */
function useNarrow(): boolean {
  const query = useMemo(() => matchMedia('(max-width: 900px)'), []);
  const [isNarrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const onChange = () => setNarrow(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, [query]);
  return isNarrow;
}

function Complaints({ complaints, isEmpty }: { complaints: readonly string[]; isEmpty: boolean }) {
  const all = isEmpty
    ? [
        ...complaints,
        'This run has no events, so there is nothing to see. Run the cell that records it, or choose another scenario.',
      ]
    : complaints;
  if (all.length === 0) return null;
  return (
    <ul class="complaints" role="alert">
      {all.map((complaint) => (
        <li key={complaint}>{complaint}</li>
      ))}
    </ul>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement
  );
}

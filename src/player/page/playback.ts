import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Timeline } from '../model/timeline';

/** Milliseconds of the run for each millisecond that passes; `events`: so many events a second, whatever their times. */
export type Speed = { readonly ratio: number } | { readonly events: number };

export const SPEEDS: readonly { readonly name: string; readonly speed: Speed }[] = [
  { name: '4 events a second', speed: { events: 4 } },
  { name: '20 events a second', speed: { events: 20 } },
  { name: '1/1000 of real time', speed: { ratio: 1 / 1000 } },
  { name: '1/200 of real time', speed: { ratio: 1 / 200 } },
  { name: '1/50 of real time', speed: { ratio: 1 / 50 } },
  { name: '1/10 of real time', speed: { ratio: 1 / 10 } },
  { name: 'real time', speed: { ratio: 1 } },
];

/** Where one is in a run. `position` counts the events that have happened; `timeMs` may lie between two events. */
export interface Place {
  readonly position: number;
  readonly timeMs: number;
}

export interface Playback {
  readonly place: Place;
  readonly isPlaying: boolean;
  /** Index in SPEEDS. */
  readonly speed: number;
  /** Text for screen readers changes only by a step that somebody took, not while the run plays. */
  readonly announced: number;
  setSpeed(index: number): void;
  toggle(): void;
  pause(): void;
  /** To the moment right after this many events. */
  toPosition(position: number): void;
  toTime(timeMs: number): void;
}

/** The speed at which a run takes about 20 seconds; a run of few events goes event by event. */
function suitableSpeed(timeline: Timeline): number {
  if (timeline.events.length <= 80) return 0;
  const wanted = timeline.index.endMs / 20_000;
  const found = SPEEDS.findIndex(({ speed }) => 'ratio' in speed && speed.ratio >= wanted);
  return found === -1 ? SPEEDS.length - 1 : found;
}

export function usePlayback(timeline: Timeline, first: number | null): Playback {
  const startOf = (): Place => placeAt(timeline, first ?? 0);
  const [place, setPlace] = useState<Place>(startOf);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(() => suitableSpeed(timeline));
  const [announced, setAnnounced] = useState(-1);
  const current = useRef(place);
  current.current = place;

  useEffect(() => {
    if (!isPlaying) return undefined;
    let frame = 0;
    let before: number | null = null;
    let owed = 0;
    const step = (now: number) => {
      const passedMs = before === null ? 0 : Math.min(100, now - before);
      before = now;
      const { speed: chosen } = SPEEDS[speed]!;
      if ('events' in chosen) {
        owed += (passedMs / 1000) * chosen.events;
        const whole = Math.floor(owed);
        owed -= whole;
        if (whole > 0) setPlace(placeAt(timeline, current.current.position + whole));
      } else {
        const timeMs = Math.min(timeline.index.endMs, current.current.timeMs + passedMs * chosen.ratio);
        setPlace({ timeMs, position: Math.max(current.current.position, timeline.index.positionAt(timeMs)) });
      }
      if (current.current.position >= timeline.events.length) setPlaying(false);
      else frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, timeline]);

  return useMemo(
    () => ({
      place,
      isPlaying,
      speed,
      announced,
      setSpeed,
      toggle: () => {
        if (!isPlaying && place.position >= timeline.events.length) setPlace(placeAt(timeline, 0));
        setPlaying(!isPlaying);
      },
      pause: () => setPlaying(false),
      toPosition: (position) => {
        setPlaying(false);
        const next = placeAt(timeline, position);
        setPlace(next);
        setAnnounced(next.position);
      },
      toTime: (timeMs) => {
        const within = Math.min(timeline.index.endMs, Math.max(0, timeMs));
        setPlace({ timeMs: within, position: timeline.index.positionAt(within) });
      },
    }),
    [place, isPlaying, speed, announced, timeline],
  );
}

function placeAt(timeline: Timeline, position: number): Place {
  const within = Math.min(timeline.events.length, Math.max(0, Math.round(position)));
  return { position: within, timeMs: timeline.events[within - 1]?.atMs ?? 0 };
}

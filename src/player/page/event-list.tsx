import { useEffect, useRef } from 'preact/hooks';
import { describeEvent, toneOf } from '../model/describe-event';
import { formatMs } from '../model/format';
import type { Timeline } from '../model/timeline';

const BEFORE = 24;
const AFTER = 10;

/** The run in plain words, in step with the picture. Given positions, only those: the way of one record or batch. */
export function EventList({
  timeline,
  position,
  only,
  goTo,
}: {
  timeline: Timeline;
  position: number;
  only: readonly number[] | null;
  goTo: (position: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (current === null || current === undefined || list.current === null) return;
    const { offsetTop, offsetHeight } = current;
    list.current.scrollTop = offsetTop - list.current.clientHeight * 0.7 + offsetHeight;
  }, [position, only]);
  const shown = only ?? around(position, timeline.events.length);
  const current = only === null ? position - 1 : lastAtOrBefore(only, position - 1);
  return (
    <ol class="events" ref={list} tabIndex={0} aria-label="Events in words">
      {only === null && position > BEFORE && <li class="faint gap">{position - BEFORE} earlier events</li>}
      {shown.map((at, slot) => {
        const event = timeline.events[at]!;
        const isCurrent = at === current;
        return (
          <li
            // By place and not by event: scrubbing changes texts, and makes no elements anew.
            key={slot}
            class={`${toneOf(event)}${at >= position ? ' future' : ''}`}
            aria-current={isCurrent ? 'step' : undefined}
          >
            <button type="button" tabIndex={isCurrent ? 0 : -1} onClick={() => goTo(at + 1)}>
              <time>{formatMs(event.atMs)}</time>
              <span>{describeEvent(event, timeline.index, at)}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function around(position: number, total: number): number[] {
  const from = Math.max(0, position - BEFORE);
  const to = Math.min(total, position + AFTER);
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function lastAtOrBefore(positions: readonly number[], position: number): number {
  let found = -1;
  for (const one of positions) if (one <= position) found = one;
  return found;
}

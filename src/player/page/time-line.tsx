import { scaleLinear } from 'd3-scale';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { describeEvent, describePosition, toneOf } from '../model/describe-event';
import { formatMs } from '../model/format';
import type { Timeline } from '../model/timeline';
import type { Playback } from './playback';

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const HEIGHT = 74;
const AXIS = 16;
const DENSITY = 20;

/** The whole run or a part of it: how much happens when, the requests as bars, trouble as marks; drag or use the arrow keys. */
export function TimeLine({
  timeline,
  playback,
  window: shown,
  name = 'Time of the run',
  position = playback.place.position,
  isHidden = false,
}: {
  timeline: Timeline;
  playback: Playback;
  window: TimeWindow;
  name?: string;
  /** The future is not to be seen yet. */
  isHidden?: boolean;
  /** In this run, where the playback belongs to another. */
  position?: number;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const span = Math.max(1e-6, shown.toMs - shown.fromMs);
  const x = (ms: number) => ((ms - shown.fromMs) / span) * width;
  const drawing = useMemo(
    () => (isHidden ? NOTHING : drawingOf(timeline, shown, width)),
    [timeline, shown.fromMs, shown.toMs, width, isHidden],
  );
  const { place } = playback;
  const timeAt = (clientX: number) => {
    const box = holder.current!.getBoundingClientRect();
    return shown.fromMs + ((clientX - box.left) / box.width) * span;
  };
  const event = timeline.events[position - 1];
  return (
    <div
      ref={holder}
      class="time-line"
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={timeline.events.length}
      aria-valuenow={position}
      aria-valuetext={`${formatMs(place.timeMs)}, ${describePosition(position, timeline.events.length)}${event === undefined ? '' : `: ${describeEvent(event, timeline.index, position - 1)}`}`}
      onPointerDown={(pointer) => {
        if (isHidden) return;
        playback.pause();
        holder.current!.setPointerCapture(pointer.pointerId);
        playback.toTime(timeAt(pointer.clientX));
      }}
      onPointerMove={(pointer) => {
        if (holder.current!.hasPointerCapture(pointer.pointerId)) playback.toTime(timeAt(pointer.clientX));
      }}
    >
      <svg width={width} height={HEIGHT} aria-hidden="true">
        <path class="density" d={drawing.density} />
        <path class="bars" d={drawing.requests} />
        <path class="bars broken" d={drawing.broken} />
        <path class="trouble" d={drawing.trouble} />
        <path class="bad" d={drawing.bad} />
        {!isHidden &&
          timeline.index.nodes.length <= 6 &&
          timeline.index.nodes.map((node, at) => (
            <text class="lane-name" key={node} x={2} y={laneTop(at, timeline.index.nodes.length) + 9}>
              broker {node}
            </text>
          ))}
        {drawing.ticks.map(({ at, text }) => (
          <g key={text} transform={`translate(${x(at)},0)`}>
            <line y1={0} y2={HEIGHT - AXIS} />
            <text y={HEIGHT - 4} text-anchor={x(at) < 20 ? 'start' : x(at) > width - 24 ? 'end' : 'middle'}>
              {text}
            </text>
          </g>
        ))}
      </svg>
      {/* Beside the drawing and not in it, so that moving it paints nothing anew. */}
      <div class="head" style={{ transform: `translateX(${x(place.timeMs)}px)` }} />
    </div>
  );
}

const NOTHING = { density: '', requests: '', broken: '', trouble: '', bad: '', ticks: [] };

function useWidth(holder: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(100, element.clientWidth)));
    observer.observe(element);
    setWidth(Math.max(100, element.clientWidth));
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Paths of one piece each: thousands of requests must not be thousands of elements. */
function drawingOf(timeline: Timeline, { fromMs, toMs }: TimeWindow, width: number) {
  const { events, index } = timeline;
  const span = Math.max(1e-6, toMs - fromMs);
  const x = (ms: number) => ((ms - fromMs) / span) * width;
  const columns = new Array<number>(Math.ceil(width / 3) + 1).fill(0);
  let trouble = '';
  let bad = '';
  const last = { trouble: -10, bad: -10 };
  const first = Math.max(0, index.positionAt(fromMs - 1e-9));
  for (let at = first; at < events.length && events[at]!.atMs <= toMs; at++) {
    const event = events[at]!;
    const left = x(event.atMs);
    const column = Math.min(columns.length - 1, Math.max(0, Math.floor(left / 3)));
    columns[column] = columns[column]! + 1;
    const tone = toneOf(event);
    if ((tone !== 'trouble' && tone !== 'bad') || left - last[tone] < 2) continue;
    last[tone] = left;
    if (tone === 'trouble') trouble += `M${left - 3},${DENSITY + 8}l3,-6l3,6z`;
    else bad += `M${left - 3},${DENSITY + 2}l6,6m0,-6l-6,6`;
  }
  const highest = Math.max(1, ...columns);
  const density = columns
    .map((count, column) =>
      count === 0 ? '' : barPath(column * 3, DENSITY, 2, -Math.max(1, Math.sqrt(count / highest) * DENSITY)),
    )
    .join('');
  const bars = requestBars(timeline, fromMs, toMs, x);
  const ticks = scaleLinear([fromMs, toMs], [0, width]).ticks(Math.max(2, Math.floor(width / 110)));
  return {
    density,
    ...bars,
    trouble,
    bad,
    ticks: ticks.map((at) => ({ at, text: formatMs(at) })),
  };
}

const BARS_TOP = DENSITY + 12;
const BARS_ROOM = HEIGHT - AXIS - BARS_TOP;

function laneTop(lane: number, lanes: number): number {
  return BARS_TOP + lane * (BARS_ROOM / Math.max(1, lanes));
}

function requestBars({ index }: Timeline, fromMs: number, toMs: number, x: (ms: number) => number) {
  const lanes = Math.max(1, index.nodes.length);
  const height = Math.max(2, BARS_ROOM / lanes - 2);
  let requests = '';
  let broken = '';
  const reach = new Map<number, number>();
  for (const { node, sentAt, responseAt } of index.requests.values()) {
    const sentMs = index.events[sentAt]!.atMs;
    const response = responseAt === -1 ? null : index.events[responseAt]!;
    const endMs = response?.atMs ?? index.endMs;
    if (endMs < fromMs || sentMs > toMs) continue;
    const left = Math.max(-2, x(sentMs));
    const right = Math.min(x(toMs) + 2, x(endMs));
    const isBroken = response === null || ('error' in response && (response.error ?? null) !== null);
    // Where there is a bar already, none is drawn: thousands of requests become hundreds of bars.
    const from = isBroken ? left : Math.max(left, reach.get(node) ?? left);
    if (!isBroken && right - from < 0.5 && reach.has(node)) continue;
    if (!isBroken) reach.set(node, right);
    const y = laneTop(Math.max(0, index.nodes.indexOf(node)), lanes);
    const path = barPath(from, y, Math.max(1, right - from), height);
    if (isBroken) broken += path;
    else requests += path;
  }
  return { requests, broken };
}

function barPath(x: number, y: number, width: number, height: number): string {
  return `M${x.toFixed(1)},${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;
}

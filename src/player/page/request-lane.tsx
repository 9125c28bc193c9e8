import { formatBytes, listing, plural } from '../model/format';
import type { RunIndex } from '../model/run-index';
import type { PictureProps } from './picture';

const SHOWN_REQUESTS = 5;

/** Requests between the producer and one broker, each as far on its way as it was at this time. */
export function RequestLane({
  node,
  moment,
  index,
  timeMs,
  selection,
  select,
}: PictureProps & { node: number }) {
  const requests = [...moment.requests.values()].filter((request) => request.node === node);
  return (
    <div class="lane">
      {requests.slice(0, SHOWN_REQUESTS).map((request) => {
        const way = wayOf(request.request, index, timeMs, moment.position);
        const isSelected = selection?.kind === 'batch' && request.batches.includes(selection.batch);
        return (
          <div class="track" key={request.request}>
            <button
              type="button"
              class={`request${way.isBack ? ' back' : ''}${isSelected ? ' selected' : ''}`}
              style={{ left: `${way.share * 100}%`, transform: `translateX(-${way.share * 100}%)` }}
              onClick={() => select({ kind: 'batch', batch: request.batches[0] ?? -1 })}
              title={`Request ${request.request}: ${plural(request.batches.length, 'batch', 'batches')} ${listing(request.batches)}, ${formatBytes(request.sizeInBytes)}`}
            >
              <span class="for-screen-readers">
                {way.isBack ? 'Response on its way to request ' : 'On its way, request '}
              </span>
              {way.isBack ? '◀ ' : ''}
              {request.request}: #{request.batches.slice(0, 2).join(' #')}
              {request.batches.length > 2 ? '…' : ''}
              {way.isBack ? '' : ' ▶'}
            </button>
          </div>
        );
      })}
      {requests.length > SHOWN_REQUESTS && <span class="more">+{requests.length - SHOWN_REQUESTS}</span>}
      {requests.length === 0 && <span class="faint none">nothing</span>}
    </div>
  );
}

/** 0: at the producer, 1: at the broker. Where the run does not tell when the broker had it, half of the time is taken. */
function wayOf(
  request: number,
  index: RunIndex,
  timeMs: number,
  position: number,
): { share: number; isBack: boolean } {
  const entry = index.requests.get(request);
  if (entry === undefined) return { share: 0, isBack: false };
  const atMs = (at: number) => index.events[at]?.atMs ?? index.endMs;
  const sentMs = atMs(entry.sentAt);
  const endMs = entry.responseAt === -1 ? index.endMs : atMs(entry.responseAt);
  const isWritten = entry.brokerAt !== -1 && entry.brokerAt < position;
  const brokerMs = entry.brokerAt === -1 ? (sentMs + endMs) / 2 : atMs(entry.brokerAt);
  const isBack = entry.brokerAt === -1 ? timeMs > brokerMs : isWritten;
  if (!isBack) return { share: shareOf(timeMs, sentMs, brokerMs), isBack };
  return { share: 1 - shareOf(timeMs, brokerMs, endMs), isBack };
}

function shareOf(at: number, from: number, to: number): number {
  return to <= from ? 1 : Math.min(1, Math.max(0, (at - from) / (to - from)));
}

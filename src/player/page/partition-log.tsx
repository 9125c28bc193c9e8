import { formatCount } from '../model/format';
import type { LogEntry } from '../model/run-index';
import type { PictureProps } from './picture';
import { ROW_WITH_RECORDS, rowHeight } from './row-height';

/** The newest entries: a high row has several lines of them. What there is no room for is cut off. */
const SHOWN_ENTRIES = 8;
const SHOWN_ENTRIES_IN_HIGH_ROW = 24;

/** The log of one partition at its leader, with the offsets of each batch and its producer id, epoch and sequences. */
export function PartitionLog(props: PictureProps & { topic: string; partition: number; name: string }) {
  const { index, moment, name, partition, selection, select } = props;
  const log = index.logs.get(name) ?? [];
  const count = entriesBefore(log, moment.position);
  const room = rowHeight(props) >= ROW_WITH_RECORDS ? SHOWN_ENTRIES_IN_HIGH_ROW : SHOWN_ENTRIES;
  const shown = log.slice(Math.max(0, count - room), count).reverse();
  const refusal = moment.refusals.get(name);
  const last = log[count - 1];
  const isRefused = refusal !== undefined && refusal.position > (last?.position ?? -1);
  return (
    <div class="log">
      <span class="partition">p{partition}</span>
      <div class="entries">
        {isRefused && (
          <span class="entry refused" title={`refused: ${refusal.error}`}>
            <b>
              ✗{' '}
              {refusal.error === 'DUPLICATE'
                ? 'duplicate'
                : refusal.error
                    .toLowerCase()
                    .replace(/_sequence_number$/, '')
                    .replaceAll('_', ' ')}
            </b>
            <small>
              {refusal.baseSequence < 0
                ? 'no sequence'
                : `e${refusal.producerEpoch} s${refusal.baseSequence}`}
            </small>
          </span>
        )}
        {shown.map((entry, slot) => (
          <Entry
            key={slot}
            entry={entry}
            isSelected={selection?.kind === 'batch' && selection.batch === entry.batch}
            isNow={entry.position === moment.position - 1}
            select={() => select({ kind: 'batch', batch: entry.batch })}
          />
        ))}
        {count === 0 && !isRefused && <span class="faint none">empty</span>}
      </div>
      <span class="log-end" title="records in this log">
        {formatCount(last?.recordsSoFar ?? 0)}
      </span>
    </div>
  );
}

function Entry({
  entry,
  isSelected,
  isNow,
  select,
}: {
  entry: LogEntry;
  isSelected: boolean;
  isNow: boolean;
  select: () => void;
}) {
  const { baseOffset, records, producerId, producerEpoch, baseSequence, isRepeat } = entry;
  const lastOffset = baseOffset + BigInt(Math.max(0, records - 1));
  const offsets = records === 1 ? `${baseOffset}` : `${baseOffset}–${lastOffset}`;
  const stamp = producerId < 0n ? 'no id' : `e${producerEpoch} s${baseSequence}`;
  const words = `Offsets ${offsets}: ${producerId < 0n ? 'no producer id' : `producer id ${producerId}, epoch ${producerEpoch}, sequence ${baseSequence}`}${isRepeat ? ', written for the second time' : ''}`;
  return (
    <button
      type="button"
      class={`entry${isRepeat ? ' repeat' : ''}${isSelected ? ' selected' : ''}${isNow ? ' now' : ''}`}
      onClick={select}
      disabled={entry.batch === -1}
      title={words}
    >
      <b>
        {isRepeat ? '2× ' : ''}
        {offsets}
      </b>
      <small>{stamp}</small>
      <span class="for-screen-readers">{words}</span>
    </button>
  );
}

function entriesBefore(log: readonly LogEntry[], position: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

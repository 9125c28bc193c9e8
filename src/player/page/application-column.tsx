import { formatBytes, formatCount, plural } from '../model/format';
import type { RecordEntry, RunIndex } from '../model/run-index';
import type { PictureProps } from './picture';

const SHOWN_RECORDS = 24;

/** The left column: calls and their outcomes, the way of the last record into its batch, and the memory. */
export function ApplicationColumn(props: PictureProps) {
  const { moment, event } = props;
  const { counts } = moment;
  const stage = event !== null && 'record' in event ? event.stage : null;
  const isNow = (...stages: string[]) => (stage !== null && stages.includes(stage) ? ' now' : '');
  const passed = lastSteps(props);
  return (
    <div class="application">
      <section class={`card${isNow('send', 'completed', 'rejected', 'waiting')}`} aria-label="Application">
        <h3>Application</h3>
        <RecordSquares {...props} />
        <dl class="counts">
          <Count name="send() called" value={counts.sends} />
          <Count name="acknowledged" value={counts.acknowledged} mark="good" />
          <Count
            name="failed"
            value={counts.failed + counts.rejected}
            mark={counts.failed + counts.rejected > 0 ? 'bad' : ''}
          />
        </dl>
      </section>
      <section
        class={`card step${isNow('intercepted', 'serialized')}`}
        aria-label="Interceptors and serializers"
      >
        <h3>Interceptors, serializers</h3>
        <p>{passed.serialized}</p>
      </section>
      <section class={`card step${isNow('partitioned')}`} aria-label="Partitioner">
        <h3>Partitioner</h3>
        <p>{passed.partitioned}</p>
      </section>
      <Memory {...props} />
      <dl class="counts total">
        <Count name="requests" value={counts.requests} />
        <Count name="retries" value={counts.retries} mark={counts.retries > 0 ? 'trouble' : ''} />
        <Count name="epoch bumps" value={counts.epochBumps} mark={counts.epochBumps > 0 ? 'trouble' : ''} />
        <Count name="splits" value={counts.splits} mark={counts.splits > 0 ? 'trouble' : ''} />
      </dl>
    </div>
  );
}

function Count({ name, value, mark = '' }: { name: string; value: number; mark?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={mark}>{formatCount(value)}</dd>
    </div>
  );
}

function RecordSquares({ index, moment, selection, select }: PictureProps) {
  const last = moment.counts.sends;
  const squares: RecordEntry[] = [];
  for (let record = Math.max(1, last - SHOWN_RECORDS + 1); record <= last; record++) {
    const entry = index.records.get(record);
    if (entry !== undefined) squares.push(entry);
  }
  return (
    <div class="squares">
      {squares.map((entry, slot) => {
        const status = statusOf(entry, moment.position, index);
        const isSelected = selection?.kind === 'record' && selection.record === entry.record;
        return (
          <button
            type="button"
            key={slot}
            class={`square ${status.mark}${isSelected ? ' selected' : ''}`}
            aria-label={`Record ${entry.record}: ${status.words}`}
            title={`Record ${entry.record}: ${status.words}`}
            onClick={() => select({ kind: 'record', record: entry.record })}
          >
            {entry.record}
          </button>
        );
      })}
    </div>
  );
}

/** What had become of a record by this position. */
export function statusOf(
  entry: RecordEntry,
  position: number,
  index: RunIndex,
): { readonly mark: string; readonly words: string } {
  const happened = (at: number) => at !== -1 && at < position;
  if (happened(entry.rejectedAt)) return { mark: 'bad', words: 'send() failed' };
  if (happened(entry.completedAt)) {
    return entry.isAcknowledged ? { mark: 'good', words: 'acknowledged' } : { mark: 'bad', words: 'failed' };
  }
  if (entry.sentAt !== -1 && !happened(entry.sentAt)) return { mark: 'calling', words: 'not sent yet' };
  if (!happened(entry.appendedAt)) return { mark: 'calling', words: 'send() has not returned' };
  const drained = index.batches.get(entry.batch)?.drainedAt[0] ?? -1;
  return happened(drained)
    ? { mark: 'sent', words: 'in a request or a retry' }
    : { mark: 'held', words: 'in a batch' };
}

function lastSteps({ index, moment }: PictureProps): { serialized: string; partitioned: string } {
  let serialized = '';
  let partitioned = '';
  // The last record that took these steps is at most a few events back; a long way back is not worth the look.
  for (let at = moment.position - 1; at >= Math.max(0, moment.position - 400); at--) {
    const event = index.events[at]!;
    if (event.stage === 'serialized' && serialized === '') {
      const key = event.keySize <= 0 ? 'no key' : `key ${formatBytes(event.keySize)}`;
      serialized = `record ${event.record}: ${key}, value ${event.valueSize < 0 ? 'null' : formatBytes(event.valueSize)}`;
    }
    if (event.stage === 'partitioned' && partitioned === '') {
      partitioned = `record ${event.record} to partition ${event.partition} (${BY[event.by] ?? event.by})`;
    }
    if (serialized !== '' && partitioned !== '') break;
  }
  return { serialized: serialized || 'no record yet', partitioned: partitioned || 'no record yet' };
}

const BY: Readonly<Record<string, string>> = {
  record: 'the record names it',
  key: 'hash of its key',
  partitioner: 'custom partitioner',
  sticky: 'sticky, no key',
};

function Memory({ index, moment, config, event }: PictureProps) {
  const configured = config['buffer.memory'];
  const total = typeof configured === 'number' ? configured : index.totalMemory;
  const used = moment.memory === null ? 0 : Math.max(0, total - moment.memory.availableBytes);
  const waiting = moment.memory?.waiting ?? 0;
  const share = total === 0 ? 0 : used / total;
  const isNow = event?.stage === 'memory' ? ' now' : '';
  return (
    <section class={`card memory${isNow}`} aria-label="Buffer memory">
      <h3>buffer.memory</h3>
      <div class="bar">
        <span class={share > 0.9 ? 'bad' : ''} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
      <p>
        {formatBytes(used)} of {formatBytes(total)} in use
        {waiting > 0 && (
          <strong class="bad">
            , {plural(waiting, 'call')} of send() {waiting === 1 ? 'waits' : 'wait'}
          </strong>
        )}
      </p>
    </section>
  );
}

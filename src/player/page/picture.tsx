import type { TraceEvent } from '../../trace/trace-event';
import { formatBytes, formatCount, formatMs, plural } from '../model/format';
import type { BatchView, Moment } from '../model/moment';
import { partitionName } from '../model/run-index';
import type { RunIndex } from '../model/run-index';
import type { Selection } from './selection';
import { ApplicationColumn } from './application-column';
import { RequestLane } from './request-lane';
import { PartitionLog } from './partition-log';
import { ROW_WITH_RECORDS, rowHeight } from './row-height';

export interface PictureProps {
  readonly index: RunIndex;
  readonly moment: Moment;
  /** May lie a little behind the moment's last event. */
  readonly timeMs: number;
  readonly event: TraceEvent | null;
  readonly partitions: readonly { topic: string; partition: number; name: string }[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  /** Without the application's column: two pictures side by side. */
  readonly isCompact?: boolean;
}

/** Everything at one moment: application, accumulator, requests, brokers. */
export function Picture(props: PictureProps) {
  const { moment, index, isCompact = false } = props;
  const { producer } = moment;
  return (
    <div class={`picture${isCompact ? ' compact' : ''}`}>
      {!isCompact && <ApplicationColumn {...props} />}
      <div
        class={`cluster${rowHeight(props) >= ROW_WITH_RECORDS ? ' tall' : ''}`}
        style={{ '--row': `${rowHeight(props)}px` }}
      >
        <div class="cluster-head">
          <h3>
            Accumulator <span class="faint">a queue for each partition</span>
          </h3>
          <h3>In flight</h3>
          <h3>
            Brokers{' '}
            <span class="faint">
              {producer === null ? 'no producer id' : `producer id ${producer.id}, epoch ${producer.epoch}`}
              {index.hasLogEvents ? '' : ', logs as the responses tell'}
            </span>
          </h3>
        </div>
        {groupsOf(props).map((group) => (
          <BrokerGroup key={group.node} {...props} node={group.node} rows={group.rows} />
        ))}
        {moment.position === 0 && props.partitions.length === 0 && (
          <p class="faint">This run has no partitions. Its events are in the list.</p>
        )}
      </div>
    </div>
  );
}

const SHOWN_RECORDS = 12;

interface Group {
  readonly node: number;
  readonly rows: { topic: string; partition: number; name: string }[];
}

/** Partitions under the broker that the producer takes for their leader; before it knows, under the broker that got them first. */
function groupsOf({ moment, index, partitions }: PictureProps): Group[] {
  const groups = new Map<number, Group>(index.nodes.map((node) => [node, { node, rows: [] }]));
  for (const row of partitions) {
    const known = moment.leaders.get(row.topic)?.[row.partition];
    const node = known ?? lastNodeOf(row.name, index, moment.position) ?? index.nodes[0] ?? -1;
    let group = groups.get(node);
    if (group === undefined) groups.set(node, (group = { node, rows: [] }));
    group.rows.push(row);
  }
  return [...groups.values()].sort((one, other) => one.node - other.node);
}

function lastNodeOf(name: string, index: RunIndex, position: number): number | undefined {
  const log = index.logs.get(name) ?? [];
  const before = log.filter((entry) => entry.position < position);
  return (before[before.length - 1] ?? log[0])?.node;
}

function BrokerGroup(props: PictureProps & Group) {
  const { node, rows, moment } = props;
  const isStopped = moment.stoppedNodes.has(node);
  const name = node < 0 ? 'no leader' : `Broker ${node}`;
  return (
    <section class={`broker${isStopped ? ' stopped' : ''}`} aria-label={name}>
      <div class="queues">
        {rows.map((row) => (
          <Queue key={row.name} {...props} {...row} />
        ))}
        {rows.length === 0 && <p class="faint none">leads no partition</p>}
      </div>
      <RequestLane {...props} />
      <div class="logs">
        <h4>
          {name}
          {isStopped && <strong class="bad"> stopped</strong>}
        </h4>
        {rows.map((row) => (
          <PartitionLog key={row.name} {...props} {...row} />
        ))}
      </div>
    </section>
  );
}

/** About so many pixels: lines between records are drawn where they can be seen. */
const FILL_WIDTH = 110;

/** As many as there is room for; the rest are counted. */
const SHOWN_BATCHES = 3;

function Queue(props: PictureProps & { topic: string; partition: number; name: string }) {
  const { moment, topic, partition } = props;
  const waiting = [...moment.batches.values()]
    .filter((batch) => batch.partition === partition && batch.topic === topic && batch.state !== 'in flight')
    .sort((one, other) => one.batch - other.batch);
  const shown = waiting.slice(0, SHOWN_BATCHES);
  const hidden = waiting.length - shown.length;
  return (
    <div class="queue">
      <span class="partition" title={partitionName(topic, partition)}>
        p{partition}
      </span>
      {shown.map((batch) => (
        <BatchBox key={batch.batch} {...props} batch={batch} />
      ))}
      {hidden > 0 && <span class="more">+{formatCount(hidden)}</span>}
    </div>
  );
}

function BatchBox(props: PictureProps & { batch: BatchView }) {
  const { batch, timeMs, config, selection, select, event } = props;
  const lingerMs = typeof config['linger.ms'] === 'number' ? config['linger.ms'] : null;
  const ageMs = Math.max(0, timeMs - batch.openedMs);
  const fill = batch.writeLimit > 0 ? Math.min(1, batch.sizeInBytes / batch.writeLimit) : 0;
  const isNow = event !== null && 'batch' in event && event.batch === batch.batch;
  const backoffMs = Math.max(0, batch.retryAtMs - timeMs);
  const state =
    batch.state === 'backoff'
      ? `retry in ${formatMs(Math.ceil(backoffMs))}`
      : batch.state === 'open'
        ? `${formatMs(Math.round(ageMs * 10) / 10)}${lingerMs === null ? '' : ` of ${formatMs(lingerMs)}`}`
        : batch.state === 'closed'
          ? 'full, waits'
          : 'leaves';
  const isSelected = selection?.kind === 'batch' && selection.batch === batch.batch;
  return (
    <button
      type="button"
      class={`batch ${batch.state.replace(' ', '-')}${isNow ? ' now' : ''}${isSelected ? ' selected' : ''}`}
      onClick={() => select({ kind: 'batch', batch: batch.batch })}
    >
      <span class="for-screen-readers">Batch </span>
      <span class="batch-name">
        <b>#{batch.batch}</b> {plural(batch.records, 'rec', 'recs')}
      </span>
      <span class="fill">
        <span
          style={{
            width: `${Math.max(fill * 100, batch.records > 0 ? 3 : 0)}%`,
            backgroundSize: fill * FILL_WIDTH >= 4 * batch.records ? `${100 / batch.records}% 100%` : '0 0',
          }}
        />
      </span>
      {rowHeight(props) >= ROW_WITH_RECORDS && <RecordNumbers {...props} />}
      <span class="batch-state">
        {formatBytes(batch.sizeInBytes)} · {state}
      </span>
      <span class="for-screen-readers">
        {' '}
        of {formatBytes(batch.writeLimit)}, {batch.state}, partition {batch.partition}
      </span>
      {lingerMs !== null && batch.state === 'open' && (
        <span
          class="age"
          style={{ width: `${lingerMs === 0 ? 100 : Math.min(100, (ageMs / lingerMs) * 100)}%` }}
        />
      )}
    </button>
  );
}

/** The records that are in the batch by now; the newest of them, if they are many. */
function RecordNumbers({ batch, index }: PictureProps & { batch: BatchView }) {
  const numbers = index.recordsOf(batch.batch).slice(0, batch.records);
  const shown = numbers.slice(-SHOWN_RECORDS);
  return (
    <span class="numbers">
      {shown.length < numbers.length && <i>+{numbers.length - shown.length}</i>}
      {shown.map((record) => (
        <i key={record}>{record}</i>
      ))}
    </span>
  );
}

import type { RunIndex } from '../model/run-index';
import type { RunSummary } from '../model/run-summary';
import { INITIAL_SETTINGS } from './playground-settings';
import type { PlaygroundSettings } from './playground-settings';

/** What a run came to, as scenarios ask about it. */
export interface Outcome {
  readonly summary: RunSummary;
  readonly index: RunIndex;
}

export interface ScenarioOption {
  readonly text: string;
  /** Asked of the run: no option is right because somebody wrote so. */
  readonly holds: (outcome: Outcome) => boolean;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What is set up, in one or two sentences. */
  readonly setting: string;
  readonly question: string;
  readonly options: readonly ScenarioOption[];
  readonly explanation: string;
  /** The moment to look at, as a position; -1 when this run has none. */
  readonly moment: (index: RunIndex) => number;
  readonly momentText: string;
  readonly settings: PlaygroundSettings;
  /** One change that shows the other side. */
  readonly next: { readonly text: string; readonly change: PlaygroundSettings };
}

type Stage = RunIndex['events'][number]['stage'];

const first =
  (stage: Stage, holds: (event: RunIndex['events'][number]) => boolean = () => true) =>
  (index: RunIndex): number =>
    index.events.findIndex((event) => event.stage === stage && holds(event));

const atRequest = (request: number) =>
  first('request-sent', (event) => 'request' in event && event.request === request);

const between = (value: number, from: number, to: number) => value >= from && value < to;

/** Records of each partition, in order, as the logs hold them. */
const written = ({ index }: Outcome): number[] =>
  [...index.logs.values()].map((log) => log[log.length - 1]?.recordsSoFar ?? 0);

const distinctIds = ({ index }: Outcome): number =>
  new Set([...index.logs.values()].flatMap((log) => log.map(({ producerId }) => producerId))).size;

function longestBlockedMs({ index }: Outcome): number {
  let longest = 0;
  for (const { sentAt, appendedAt, rejectedAt } of index.records.values()) {
    const end = appendedAt === -1 ? rejectedAt : appendedAt;
    if (sentAt === -1 || end === -1) continue;
    longest = Math.max(longest, index.events[end]!.atMs - index.events[sentAt]!.atMs);
  }
  return longest;
}

/** Share of the records that went to the partitions of one broker. */
function shareOfBroker({ index }: Outcome, node: number): number {
  let own = 0;
  let all = 0;
  for (const log of index.logs.values()) {
    for (const entry of log) {
      all += entry.records;
      if (entry.node === node) own += entry.records;
    }
  }
  return all === 0 ? 0 : own / all;
}

const one = { partitions: 1, brokers: 1 } as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'linger',
    title: 'Linger',
    setting: '60 small records, one every millisecond, to one partition. linger.ms is 20.',
    question: 'How many requests does the producer send?',
    settings: { ...INITIAL_SETTINGS, ...one, records: 60, everyMs: 1, 'linger.ms': 20 },
    options: [
      { text: 'Fewer than 10', holds: ({ summary }) => summary.requests < 10 },
      { text: '10 to 29', holds: ({ summary }) => between(summary.requests, 10, 30) },
      { text: '30 or more: nearly one for each record', holds: ({ summary }) => summary.requests >= 30 },
    ],
    explanation:
      'The first record opens a batch, and the batch waits 20 ms for company. Everything that is sent in these 20 ms shares its request. No batch gets full: each leaves because linger.ms is over.',
    moment: first('batch-drained', (event) => 'reason' in event && event.reason === 'linger'),
    momentText: 'The first batch leaves: look at its reason in the list.',
    next: { text: 'Set linger.ms to 0', change: { 'linger.ms': 0 } },
  },
  {
    id: 'batch-size',
    title: 'Batch size',
    setting: '200 records of 100 bytes at once, to one partition. batch.size is 1,024, linger.ms is 1,000.',
    question: 'How many records are in a typical batch, and what makes it leave?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 200,
      everyMs: 0,
      'batch.size': 1024,
      'linger.ms': 1000,
    },
    options: [
      { text: 'About 8: it is full', holds: ({ summary }) => between(summary.recordsPerBatch, 4, 20) },
      {
        text: 'About 100: linger.ms is over',
        holds: ({ summary }) => between(summary.recordsPerBatch, 20, 150),
      },
      { text: 'All 200: there is time enough', holds: ({ summary }) => summary.recordsPerBatch >= 150 },
    ],
    explanation:
      'batch.size counts bytes, not records. A batch that has no room for the next record is full, and a full batch may leave at once: linger.ms is only the longest that a batch waits.',
    moment: first('batch-drained', (event) => 'reason' in event && event.reason === 'full'),
    momentText: 'The first full batch leaves.',
    next: { text: 'Set batch.size to 65,536', change: { 'batch.size': 65_536 } },
  },
  {
    id: 'await',
    title: 'Wait for every response',
    setting:
      '30 records. The application calls get() after each send(), so it waits for the response before the next record. A response takes 10 ms.',
    question: 'How long does it take to send 30 records?',
    settings: { ...INITIAL_SETTINGS, ...one, records: 30, everyMs: 0, awaits: true },
    options: [
      { text: 'Less than 50 ms', holds: ({ summary }) => summary.endMs < 50 },
      { text: '50 to 250 ms', holds: ({ summary }) => between(summary.endMs, 50, 250) },
      { text: 'More than 250 ms', holds: ({ summary }) => summary.endMs >= 250 },
    ],
    explanation:
      'Each record waits alone for linger.ms, and then for its response. Thirty times 5 ms and 10 ms add up, and every batch has one record. linger.ms makes it worse here: nobody else will come.',
    moment: atRequest(2),
    momentText: 'The second request leaves only after the first response.',
    next: { text: 'Do not wait for each response', change: { awaits: false } },
  },
  {
    id: 'sticky',
    title: 'Sticky or round robin',
    setting:
      '120 records without a key, one every half millisecond, to 6 partitions, with the round robin partitioner.',
    question: 'How many records travel in a batch on average?',
    settings: {
      ...INITIAL_SETTINGS,
      partitions: 6,
      records: 120,
      everyMs: 0.5,
      keys: 'none',
      partitioner: 'round robin',
      'linger.ms': 5,
    },
    options: [
      { text: 'Fewer than 4', holds: ({ summary }) => summary.recordsPerBatch < 4 },
      { text: '4 to 9', holds: ({ summary }) => between(summary.recordsPerBatch, 4, 10) },
      { text: '10 or more', holds: ({ summary }) => summary.recordsPerBatch >= 10 },
    ],
    explanation:
      'Round robin spreads the records of one linger over all partitions: six batches with few records each. The built-in partitioner stays with one partition until it has got batch.size bytes, and fills one batch instead of six.',
    moment: atRequest(2),
    momentText: 'Several batches, hardly a record in each.',
    next: { text: 'Use the built-in partitioner', change: { partitioner: 'built-in' } },
  },
  {
    id: 'hot-key',
    title: 'A hot key',
    setting: '150 records with keys to 4 partitions. Four of five belong to the same customer.',
    question: 'What share of the records is in the fullest partition?',
    settings: { ...INITIAL_SETTINGS, records: 150, everyMs: 0.5, keys: 'one hot customer' },
    options: [
      { text: 'About a quarter', holds: (outcome) => Math.max(...written(outcome)) < 60 },
      { text: 'About half', holds: (outcome) => between(Math.max(...written(outcome)), 60, 100) },
      { text: 'More than two thirds', holds: (outcome) => Math.max(...written(outcome)) >= 100 },
    ],
    explanation:
      'Same key, same hash, same partition: that is what keeps the orders of a customer in order. The price is that the partition of a busy customer is as busy as the customer. More partitions do not help; a finer key would.',
    moment: (index) => index.events.length - 1,
    momentText: 'Compare the numbers at the right end of the logs.',
    next: { text: 'Send without keys', change: { keys: 'none' } },
  },
  {
    id: 'slow-broker',
    title: 'A slow broker',
    setting:
      '300 records without a key. Broker 2 needs 200 ms for a response, the others 10 ms. The partitioner is the built-in one.',
    question: 'What share of the records goes to the slow broker, which leads a third of the partitions?',
    settings: {
      ...INITIAL_SETTINGS,
      brokers: 3,
      partitions: 6,
      records: 300,
      everyMs: 1,
      keys: 'none',
      valueBytes: 400,
      slowBroker: 2,
      slowMs: 200,
      'batch.size': 1024,
      'max.in.flight.requests.per.connection': 1,
    },
    options: [
      { text: 'Clearly less than a third', holds: (outcome) => shareOfBroker(outcome, 2) < 0.28 },
      { text: 'About a third', holds: (outcome) => between(shareOfBroker(outcome, 2), 0.28, 0.4) },
      { text: 'Clearly more than a third', holds: (outcome) => shareOfBroker(outcome, 2) >= 0.4 },
    ],
    explanation:
      'Since KIP-794 the built-in partitioner looks at the queues in the accumulator. The longer the queue of a partition, the seldomer it is chosen. The first sticky partitioner (KIP-480) did the opposite: a batch that waits longer took more records.',
    moment: (index) => Math.floor(index.events.length * 0.6),
    momentText: 'Look at the queues of broker 2.',
    next: { text: 'Use round robin', change: { partitioner: 'round robin' } },
  },
  {
    id: 'memory',
    title: 'Memory full',
    setting:
      '40 records of 1,000 bytes at once. buffer.memory has room for three batches, and a response takes 200 ms.',
    question: 'What happens to the calls of send() that find no memory?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 40,
      everyMs: 0,
      valueBytes: 1000,
      'batch.size': 4096,
      'buffer.memory': 12_288,
      latencyMs: 200,
      'max.in.flight.requests.per.connection': 1,
    },
    options: [
      { text: 'They fail at once', holds: ({ summary }) => summary.rejected > 0 },
      {
        text: 'They wait, and all records arrive in the end',
        holds: (outcome) =>
          outcome.summary.rejected === 0 &&
          outcome.summary.acknowledged === 40 &&
          longestBlockedMs(outcome) >= 100,
      },
      {
        text: 'Nothing: the records wait somewhere else',
        holds: (outcome) => outcome.summary.rejected === 0 && longestBlockedMs(outcome) < 100,
      },
    ],
    explanation:
      'send() waits until a response gives memory back, at most max.block.ms. That is back pressure: the application becomes as slow as the broker, and nothing is lost. After max.block.ms, send() fails with a TimeoutException.',
    moment: first('waiting', (event) => 'for' in event && event.for === 'memory'),
    momentText: 'The first call waits for memory.',
    next: { text: 'Set max.block.ms to 100', change: { 'max.block.ms': 100 } },
  },
  {
    id: 'duplicate',
    title: 'The duplicate',
    setting:
      'Idempotence is off. The broker writes the third request, but the connection breaks before its response.',
    question: 'How often are the records of the third request in the log?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 20,
      everyMs: 5,
      'enable.idempotence': false,
      'max.in.flight.requests.per.connection': 1,
      loseResponse: 3,
    },
    options: [
      { text: 'Not at all', holds: ({ summary }) => summary.duplicates === 0 && summary.failed > 0 },
      { text: 'Once', holds: ({ summary }) => summary.duplicates === 0 && summary.failed === 0 },
      { text: 'Twice', holds: ({ summary }) => summary.duplicates > 0 },
    ],
    explanation:
      'The producer cannot tell a lost response from a lost request. It has to retry, and the broker has no means to recognise the batch: it writes the records a second time.',
    moment: first('batch-retried'),
    momentText: 'The retry begins. The batch is in the log already.',
    next: { text: 'Switch idempotence on', change: { 'enable.idempotence': true } },
  },
  {
    id: 'cure',
    title: 'The cure',
    setting: 'The same as before, with idempotence. The response to the third request is lost.',
    question: 'What does the broker do with the retry?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 20,
      everyMs: 5,
      'max.in.flight.requests.per.connection': 1,
      loseResponse: 3,
    },
    options: [
      { text: 'It writes the records a second time', holds: ({ summary }) => summary.duplicates > 0 },
      {
        text: 'It refuses it with an error, and the records fail',
        holds: ({ summary }) => summary.failed > 0,
      },
      {
        text: 'It recognises the batch and acknowledges it without writing it',
        holds: ({ summary, index }) =>
          summary.duplicates === 0 && summary.failed === 0 && first('log-refused')(index) !== -1,
      },
    ],
    explanation:
      'The batch carries the producer id, the epoch and the sequence number of its first record. The leader remembers the last five batches of each producer id: it has seen this one, and responds with the offset that it got the first time.',
    moment: first('log-refused'),
    momentText: 'The broker recognises the duplicate.',
    next: { text: 'Switch idempotence off', change: { 'enable.idempotence': false } },
  },
  {
    id: 'reorder',
    title: 'Reordering without idempotence',
    setting:
      'Idempotence is off, five requests may be in flight. The broker refuses the fourth request with an error that is worth a retry; the requests behind it are accepted.',
    question: 'Are the records in the order of send()?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 60,
      everyMs: 3,
      latencyMs: 40,
      'linger.ms': 5,
      'enable.idempotence': false,
      refuseRequest: 4,
      refuseWith: 'NOT_ENOUGH_REPLICAS',
    },
    options: [
      { text: 'Yes: a partition is always in order', holds: ({ summary }) => summary.outOfOrder === 0 },
      { text: 'No: some records overtake others', holds: ({ summary }) => summary.outOfOrder > 0 },
    ],
    explanation:
      'While the refused batch waits for its retry, the requests behind it are in flight already and get written. The retry comes after them. Order needs idempotence, or one request in flight.',
    moment: first('log-refused'),
    momentText: 'Request 4 is refused; others are right behind it.',
    next: { text: 'Switch idempotence on', change: { 'enable.idempotence': true } },
  },
  {
    id: 'five-in-flight',
    title: 'Five in flight, in order',
    setting: 'The same refused request, with idempotence and five requests in flight.',
    question: 'How does the log stay in order?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 60,
      everyMs: 3,
      latencyMs: 40,
      'linger.ms': 5,
      refuseRequest: 4,
      refuseWith: 'NOT_ENOUGH_REPLICAS',
    },
    options: [
      { text: 'It does not: some records overtake others', holds: ({ summary }) => summary.outOfOrder > 0 },
      {
        text: 'The broker refuses everything behind the gap, and the producer retries it in order',
        holds: ({ summary }) => summary.outOfOrder === 0 && summary.retries > 1,
      },
      {
        text: 'The producer has only one request in flight',
        holds: ({ summary, index }) =>
          summary.outOfOrder === 0 &&
          summary.retries <= 1 &&
          !index.events.some((event) => event.stage === 'request-sent' && event.inFlight > 1),
      },
    ],
    explanation:
      'The sequence numbers behind the refused batch do not follow on what the broker has: it refuses them as out of order. The producer sends the batches again in the order of their sequences. Five is the limit because the broker remembers five batches.',
    moment: first(
      'log-refused',
      (event) => 'error' in event && event.error === 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    ),
    momentText: 'The first batch behind the gap is refused.',
    next: { text: 'Allow one request in flight', change: { 'max.in.flight.requests.per.connection': 1 } },
  },
  {
    id: 'epoch-bump',
    title: 'The epoch bump',
    setting:
      'Idempotence is on. The broker refuses the records of the second request for good: INVALID_RECORD is no reason to retry.',
    question: 'How does the producer go on after the gap in its sequence numbers?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 30,
      everyMs: 4,
      latencyMs: 20,
      refuseRequest: 2,
      refuseWith: 'INVALID_RECORD',
    },
    options: [
      { text: 'It gives up: every later record fails', holds: ({ summary }) => summary.failed > 15 },
      {
        text: 'It bumps its epoch and counts from 0 again',
        holds: ({ summary }) => summary.failed <= 15 && summary.epochBumps > 0,
      },
      {
        text: 'It gives the free numbers to the next batch, in the same epoch',
        holds: ({ summary }) => summary.failed <= 15 && summary.epochBumps === 0,
      },
    ],
    explanation:
      'The broker waits for sequence numbers that will never come. Since Kafka 2.5 (KIP-360) a producer without a transactional id raises its epoch by itself and begins at 0; batches in flight are numbered anew. Only the refused records fail.',
    moment: first('producer-id', (event) => 'reason' in event && event.reason === 'bumped'),
    momentText: 'The epoch is bumped.',
    next: {
      text: 'Refuse it with an error that is worth a retry',
      change: { refuseWith: 'NOT_ENOUGH_REPLICAS' },
    },
  },
  {
    id: 'split',
    title: 'A batch too large is split',
    setting:
      '40 records of 100 bytes fill one batch of about 4,700 bytes. The topic takes batches of at most 2,000 bytes (max.message.bytes); batch.size is 16,384.',
    question: 'What becomes of the records?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 40,
      everyMs: 0,
      'linger.ms': 20,
      maxMessageBytes: 2000,
    },
    options: [
      { text: 'All of them fail', holds: ({ summary }) => summary.failed === 40 },
      {
        text: 'The batch is split until the pieces fit, and all arrive',
        holds: ({ summary }) => summary.splits > 0 && summary.acknowledged === 40,
      },
      {
        text: 'The broker splits it',
        holds: ({ summary }) => summary.splits === 0 && summary.acknowledged === 40,
      },
    ],
    explanation:
      'MESSAGE_TOO_LARGE for a batch with more than one record is no reason to fail: the producer splits the batch and sends the pieces. They keep their order, and each gets sequence numbers of its own. A single record that is too large does fail.',
    moment: first('batch-split'),
    momentText: 'The batch is split.',
    next: { text: 'Set batch.size to 1,500', change: { 'batch.size': 1500 } },
  },
  {
    id: 'leader',
    title: 'The leader moves',
    setting:
      'One partition, two brokers. After 60 ms the partition gets another leader, and the producer is not told.',
    question: 'How does the producer find out, and what is lost?',
    settings: { ...INITIAL_SETTINGS, brokers: 2, partitions: 1, records: 40, everyMs: 4, moveAtMs: 60 },
    options: [
      {
        text: 'A response says so; it refreshes metadata, retries, and loses nothing',
        holds: ({ summary }) => summary.retries > 0 && summary.failed === 0 && summary.duplicates === 0,
      },
      { text: 'The records in flight are lost', holds: ({ summary }) => summary.failed > 0 },
      {
        text: 'It does not need to find out',
        holds: ({ summary }) => summary.retries === 0 && summary.failed === 0,
      },
    ],
    explanation:
      'The old leader refuses with NOT_LEADER_OR_FOLLOWER. The producer refreshes its metadata and sends the batch to the new leader. Sequence numbers make it safe that some batches were on their way.',
    moment: first('leader-changed'),
    momentText: 'The leader moves; the picture follows once the producer knows.',
    next: {
      text: 'Stop broker 1 instead',
      change: { moveAtMs: 0, stopBroker: 1, stopAtMs: 60, stopForMs: 500 },
    },
  },
  {
    id: 'restart',
    title: 'The producer restarts',
    setting: 'The application ends after 15 records and starts again with a new producer. Idempotence is on.',
    question: 'How many producer ids are in the log?',
    settings: { ...INITIAL_SETTINGS, ...one, records: 30, everyMs: 3, restartsAfter: 15 },
    options: [
      { text: 'One: the broker knows the application', holds: (outcome) => distinctIds(outcome) === 1 },
      { text: 'Two: a new producer gets a new id', holds: (outcome) => distinctIds(outcome) === 2 },
    ],
    explanation:
      'Without a transactional.id every producer object gets an id of its own. So idempotence ends with the process: an application that sends a record again after a restart writes it twice, and no broker notices.',
    moment: (index) => {
      const positions = index.events.flatMap((event, position) =>
        event.stage === 'producer-id' ? [position] : [],
      );
      return positions[1] ?? -1;
    },
    momentText: 'The second producer gets its id.',
    next: { text: 'Lose the response to request 2 as well', change: { loseResponse: 2 } },
  },
  {
    id: 'acks-0',
    title: 'acks=0',
    setting: 'acks is 0 and the third request is lost on its way.',
    question: 'How many callbacks report a failure?',
    settings: {
      ...INITIAL_SETTINGS,
      ...one,
      records: 20,
      everyMs: 6,
      acks: '0',
      'enable.idempotence': false,
      loseRequest: 3,
    },
    options: [
      {
        text: 'None, although records are missing from the log',
        holds: (outcome) =>
          outcome.summary.failed === 0 && written(outcome).reduce((sum, count) => sum + count, 0) < 20,
      },
      {
        text: 'None: nothing is missing',
        holds: (outcome) =>
          outcome.summary.failed === 0 && written(outcome).reduce((sum, count) => sum + count, 0) >= 20,
      },
      { text: 'One for each record of the third request', holds: ({ summary }) => summary.failed > 0 },
    ],
    explanation:
      'With acks=0 a request counts as done when it has been handed to the network. Nobody tells the producer what became of it, so nobody can tell you: the callback runs without an error and without an offset.',
    moment: first('fault'),
    momentText: 'The request is lost. No callback reports it.',
    next: { text: 'Set acks to 1', change: { acks: '1' } },
  },
];

import { INITIAL_SETTINGS } from './playground-settings';
import type { Scenario } from './scenario';
import { first, written, distinctIds, one } from './scenario-questions';

/** Lost responses, refused batches, leaders that move. */
export const SCENARIOS_OF_FAILURES: readonly Scenario[] = [
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

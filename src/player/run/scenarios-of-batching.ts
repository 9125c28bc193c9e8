import { INITIAL_SETTINGS } from './playground-settings';
import type { Scenario } from './scenario';
import {
  first,
  atRequest,
  between,
  written,
  longestBlockedMs,
  shareOfBroker,
  one,
} from './scenario-questions';

/** Batches, partitions and memory: nothing goes wrong. */
export const SCENARIOS_OF_BATCHING: readonly Scenario[] = [
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
];

/** A question with its possible answers; the README of exercise 17 asks the same. */
export interface Prediction {
  readonly id: string;
  /** The title of its test. */
  readonly about: string;
  readonly options: Readonly<Record<'a' | 'b' | 'c' | 'd', string>>;
}

export type Choice = keyof Prediction['options'];

/** In the order of the README; the first five are asked in interviews. */
export const PREDICTIONS: readonly Prediction[] = [
  {
    id: 'linger',
    about: 'linger: what linger.ms 50 does to a steady stream',
    options: {
      a: 'as many requests as before, each 50 ms later',
      b: 'far fewer requests, and a record may wait up to 50 ms',
      c: 'nothing: batches leave when they are full',
      d: 'one request for each record, as before, but quicker',
    },
  },
  {
    id: 'sticky',
    about: 'sticky: records without a key, against round robin',
    options: {
      a: 'as many batches, more evenly spread',
      b: 'more batches, each smaller',
      c: 'far fewer batches, each with more records',
      d: 'one partition gets all records for good',
    },
  },
  {
    id: 'buffer-memory',
    about: 'buffer-memory: send() when buffer.memory is used up',
    options: {
      a: 'it rejects at once',
      b: 'it waits, and rejects with a TimeoutError after max.block.ms',
      c: 'it takes the record and drops the oldest one',
      d: 'it waits until there is room, however long that takes',
    },
  },
  {
    id: 'idempotence',
    about: 'idempotence: a batch that is sent again after its acknowledgement got lost',
    options: {
      a: 'it is in the log twice, and consumers drop the second',
      b: 'the producer asks what the log holds, and does not send it again',
      c: 'it is refused, and the producer reports an error',
      d: 'the broker knows its producer id and sequence, and does not write it again',
    },
  },
  {
    id: 'order',
    about: 'order: what is kept in order on a topic with three partitions',
    options: {
      a: 'each partition on its own',
      b: 'the topic as a whole',
      c: 'the topic as a whole, with acks=all and one request in flight',
      d: 'nothing, unless transactions are used',
    },
  },
  {
    id: 'full-batch',
    about: 'full-batch: a batch that is full long before linger.ms is over',
    options: {
      a: 'it waits for the rest of linger.ms',
      b: 'it leaves when flush() is called',
      c: 'it leaves at once',
      d: 'send() waits until linger.ms is over',
    },
  },
  {
    id: 'new-partitions',
    about: 'new-partitions: keys when a topic grows from 6 to 8 partitions',
    options: {
      a: 'all stay where they are',
      b: 'about a quarter of them moves, to the new partitions',
      c: 'about three quarters of them move',
      d: 'every one of them moves',
    },
  },
  {
    id: 'leader-acks',
    about: 'leader-acks: acks=1, and nothing else set',
    options: {
      a: 'a ConfigError',
      b: 'a producer that is not idempotent, without a word',
      c: 'an idempotent producer that waits for the leader only',
      d: 'acks is raised to all',
    },
  },
  {
    id: 'six-in-flight',
    about: 'six-in-flight: six requests in flight, and nothing else set',
    options: {
      a: 'a ConfigError',
      b: 'a producer that is not idempotent, without a word',
      c: 'an idempotent producer with six in flight',
      d: 'the six are lowered to five',
    },
  },
  {
    id: 'small-batches',
    about: 'small-batches: zstd on orders that each have a batch of their own',
    options: {
      a: 'as few bytes as in large batches',
      b: 'more than twice the bytes of large batches',
      c: 'fewer bytes than in large batches',
      d: 'the broker refuses compressed batches of one record',
    },
  },
  {
    id: 'silent-failure',
    about: 'silent-failure: a refused record at whose future nobody looks',
    options: {
      a: 'an unhandled rejection ends the process',
      b: 'the next send() rejects with its error',
      c: 'the producer tries it until it is taken',
      d: 'nobody is told, but a metric goes up',
    },
  },
  {
    id: 'sixth-batch',
    about: 'sixth-batch: a batch sent again after five others of its producer',
    options: {
      a: 'a duplicate: the broker answers with its old offset',
      b: 'an error: the broker remembers only five batches',
      c: 'it is written a second time',
      d: 'the broker gives out a new producer id',
    },
  },
  {
    id: 'restart',
    about: 'restart: the same batch from the same program, after a restart',
    options: {
      a: 'it is in the log twice: the producer id is a new one',
      b: 'it is in the log once: the broker knows its bytes',
      c: 'it is in the log once: the client.id is the same',
      d: 'it is refused as out of order',
    },
  },
];

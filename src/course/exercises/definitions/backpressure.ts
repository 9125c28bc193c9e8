import type { ExerciseDefinition } from '../exercise-definition';

export const backpressure: ExerciseDefinition = {
  slug: '14-backpressure',
  title: 'No faster than the broker',
  files: ['pump.ts'],
  notebook: '07-tuning-and-pitfalls',
  hints: [
    'Who slows whom down? The broker empties buffer.memory, memory lets send() go on, and send() has to let your loop go on. ' +
      'Which of the two promises does the loop wait for, and which only at the end?',
    'for await asks the source for the next record only when the body of the loop is through. Around send() goes a loop of ' +
      'its own that ends when the record is taken; around get() there is none. And count what arrives where it arrives.',
    'for await (const record of source) { for (;;) try { future = await producer.send(record); break; } catch (error) { if ' +
      '(!(error instanceof TimeoutError)) throw error; } then future.get() goes, handled but not awaited, to those that are ' +
      'waited for in the end. Keep the first error, wait for all of them, and only then throw it.',
  ],
  learnt:
    'In Java send() blocks its thread when buffer.memory is full (BufferPool.allocate), for at most max.block.ms; then comes a ' +
    "TimeoutException, its subclass BufferExhaustedException where it was memory, and the record is the caller's again. Here the same wait is a " +
    'promise, and whoever does not await it has no backpressure: the records pile up outside of buffer.memory, where nothing limits them. ' +
    'The two timeouts are not alike. Before the batch, nothing was written, and the record can be sent again. After it (delivery.timeout.ms, from get()), ' +
    'the broker may have it: sent again, it is a new record with a new sequence number, which no idempotence recognises.',
};

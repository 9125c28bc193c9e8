import type { ExerciseDefinition } from '../exercise-definition';

export const backpressure: ExerciseDefinition = {
  slug: '14-backpressure',
  title: 'No faster than the broker',
  files: ['pump.ts'],
  notebook: '07-tuning-and-pitfalls',
  hints: [
    'Who slows whom down? The broker empties buffer.memory, memory lets send() go on, and send() has to let your loop go on. ' +
      'Which of the two promises does the loop wait for, and which only at the end?',
    'for await asks the source for the next record only when the body of the loop is done. Put a second loop around send(), ' +
      'which ends when the record is taken; there is none around get(). Count a record when its get() resolves.',
    'for await (const record of source) { for (;;) try { future = await producer.send(record); break; } catch (error) { if ' +
      '(!(error instanceof TimeoutError)) throw error; } then add future.get(), handled but not awaited, to the set of those that ' +
      'you await in the end. Keep the first error, wait for all of them, and only then throw it.',
  ],
  learnt:
    'In Java send() blocks its thread when buffer.memory is full (BufferPool.allocate), for at most max.block.ms. Then it returns a ' +
    'future that has failed with a BufferExhaustedException, a TimeoutException; here send() itself rejects. While it waits, your loop waits: ' +
    'that is backpressure. A program that does not await send() has none, and its records pile up outside buffer.memory, where nothing limits them. ' +
    'The two timeouts differ. Before the record is in a batch, nothing was written, and you can send it again. After that (delivery.timeout.ms, from get()), ' +
    'the broker may have it: sent again, it is a new record with a new sequence number, which idempotence does not recognise.',
};

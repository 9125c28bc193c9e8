import type { ExerciseDefinition } from '../exercise-definition';

export const bufferPool: ExerciseDefinition = {
  slug: '05-buffer-pool',
  title: 'Memory for batches',
  files: ['buffer-pool.ts'],
  notebook: '01-architecture',
  hints: [
    'Remember two things: how much is free, and who waits, in order. A call to allocate() may be served at once only if ' +
      'there is enough AND nobody waits. When do you have to look at the queue again? Whenever memory is freed.',
    'One private method that serves the queue from its front: as long as the first waiter fits, take it off, take its ' +
      'memory, resolve its promise. Call it from deallocate(), and also when a waiter gives up: those behind it may fit now. ' +
      'Take the memory in the same step, not after an await: another caller could take it in between.',
    'allocate: if (size > totalMemory) RangeError; if (queue is empty && size <= free) { free -= size; return; } ' +
      'if (maxBlockMs <= 0) TimeoutError; return new Promise((resolve, reject) => { const cancel = clock.after(maxBlockMs, ' +
      '() => { remove the waiter; reject(new TimeoutError(…)); serve(); }); queue.push({ size, grant: () => { cancel(); ' +
      'resolve(); } }); }).',
  ],
  learnt:
    'When send() blocks, it waits in this queue. Your queue is fair: the first to ask is the first to be served, and a large ' +
    'request cannot starve behind small ones. The price is that one large request holds up everybody behind it. ' +
    "Kafka's BufferPool is less strict: only its waiters are served in order. A newcomer whose request fits into what is free is " +
    'served at once, past all waiters, so send() blocks less often. Java keeps a lock and one condition per waiting thread, in a Deque. ' +
    'Freed memory goes to the first waiter piece by piece; when it times out (BufferExhaustedException, a ' +
    'TimeoutException), a finally block gives the pieces back and wakes the next. Java also keeps buffers of exactly batch.size ' +
    'for reuse, so that a steady producer allocates nothing new.',
};

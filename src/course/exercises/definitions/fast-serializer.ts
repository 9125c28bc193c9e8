import type { ExerciseDefinition } from '../exercise-definition';

export const fastSerializer: ExerciseDefinition = {
  slug: '15-fast-serializer',
  title: 'A serializer that does not block',
  files: ['order-serializer.ts'],
  notebook: '07-tuning-and-pitfalls',
  hints: [
    'A serializer is called once for every record, and nothing else happens in this process meanwhile. What of your work ' +
      'is needed for each record, and what only once? And who still reads a buffer after you have returned it?',
    'Two lines are enough: null first, then the text as bytes. Buffer.from(text, "utf8") makes a new buffer each time; ' +
      'a buffer kept in a variable and written to again is one that somebody else may still be reading.',
    "if (data === null) return null; return Buffer.from(JSON.stringify(data), 'utf8');",
  ],
  learnt:
    'send() is asynchronous only from the accumulator on: interceptors, serializers and partitioner run on the thread that ' +
    'calls it, in Java as here. In Java a slow serializer slows down its caller while the sender thread goes on; Node has one ' +
    'thread for both, so requests and answers wait as well, and batches expire without any fault of the broker. What does not ' +
    'change from record to record (a schema, a connection, a key) belongs into configure(). And null is a value of its own: ' +
    'the tombstone that compaction waits for.',
};

import type { ExerciseDefinition } from '../exercise-definition';

export const fastSerializer: ExerciseDefinition = {
  slug: '15-fast-serializer',
  title: 'A serializer that does not block',
  files: ['order-serializer.ts'],
  notebook: '07-tuning-and-pitfalls',
  hints: [
    'A serializer is called once for every record, and nothing else happens in this process meanwhile. Which part of your work ' +
      'is needed for each record, and which only once? And who still reads a buffer after you have returned it?',
    'Two lines are enough: null first, then the text as bytes. Buffer.from(text, "utf8") makes a new buffer each time; ' +
      'if you keep one buffer and write to it again, somebody else may still be reading it.',
    "if (data === null) return null; return Buffer.from(JSON.stringify(data), 'utf8');",
  ],
  learnt:
    'send() is asynchronous only from the accumulator on: interceptors, serializers and partitioner run on the thread that ' +
    'calls it, in Java as here. In Java a slow serializer slows down its caller while the sender thread goes on; Node has one ' +
    'thread for both, so requests and responses wait as well, and batches may expire although the broker is well. What does not ' +
    'change from record to record (a schema, a connection, an encryption key) belongs in configure(), and slow work before send(). And null is a ' +
    'value of its own: the tombstone that makes compaction delete a key.',
};

import type { ExerciseDefinition } from '../exercise-definition';

export const deliveryCallbacks: ExerciseDefinition = {
  slug: '13-delivery-callbacks',
  title: 'Lose no error unseen',
  files: ['send-all.ts'],
  notebook: '07-tuning-and-pitfalls',
  hints: [
    'There are two moments at which a record can fail, and two things to wait for: send() and get(). What happens to your ' +
      'loop, and to the other records, when either of them rejects? For which of the two must the loop not wait?',
    'Keep a promise for each record that never rejects: it becomes either the metadata, or the record with its error. ' +
      'Promise.all over such promises cannot stop early, and its results are in the order of the records.',
    'for (const record of records) try { const future = await producer.send(record); outcomes.push(future.get().catch(error => ' +
      '({ record, error }))); } catch (error) { outcomes.push(Promise.resolve({ record, error })); } – then Promise.all, and sort ' +
      'the outcomes into two lists.',
  ],
  learnt:
    'Nobody tells you of a failed record unless you ask: a future that nobody looks at is silent, in Java as here. ' +
    'In Java most people pass a Callback to send(). The sender thread calls it, batch by batch, so it gets the outcomes ' +
    'in the order of the responses, and a slow callback holds up every batch. ' +
    'What send() rejects with here, Java splits: an ApiException (too large, no memory or no metadata in time) goes to the callback and into ' +
    'the returned future, which has failed already; anything else, such as a SerializationException, is thrown, and the callback does not get it ' +
    '(KafkaProducer.doSend). Waiting for get() after each send() is safe, and as slow as one record per round trip.',
};

import type { ExerciseDefinition } from '../exercise-definition';

export const deliveryCallbacks: ExerciseDefinition = {
  slug: '13-delivery-callbacks',
  title: 'Lose no error unseen',
  files: ['send-all.ts'],
  notebook: '07-tuning-and-pitfalls',
  hints: [
    'There are two moments at which a record can fail, and two things to wait for: send() and get(). What happens to your ' +
      'loop, and to the other records, when either of them rejects? And which of the two must the loop not wait for?',
    'Keep a promise for each record that never rejects: it becomes either the metadata, or the record with its error. ' +
      'Promise.all over such promises cannot stop early, and its results are in the order of the records.',
    'for (const record of records) try { const future = await producer.send(record); outcomes.push(future.get().catch(error => ' +
      '({ record, error }))); } catch (error) { outcomes.push(Promise.resolve({ record, error })); } – then Promise.all, and sort ' +
      'the outcomes into two lists.',
  ],
  learnt:
    'Nothing tells you of a failed record unless you ask: a future that nobody looks at is silent, in Java as here. ' +
    'In Java most people pass a Callback to send(); it is called on the sender thread, batch by batch, so that what it collects is ' +
    'in the order of answers, and a slow one holds up every batch. A callback does not hear of everything either: KafkaProducer.doSend ' +
    'gives it what is an ApiException (too large, no memory in time), while a SerializationException is thrown at the caller only. ' +
    'And waiting for get() after each send() is safe, and as slow as one record per round trip.',
};

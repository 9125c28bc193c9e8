// Sends records with @platformatic/kafka, an ES module that jest cannot load. Arguments: servers, topic, count.
import { Producer, stringSerializers } from '@platformatic/kafka';

const [servers, topic, count] = process.argv.slice(2);
const producer = new Producer({
  clientId: 'platformatic',
  bootstrapBrokers: servers.split(','),
  serializers: stringSerializers,
  idempotent: true,
  retries: 5,
});
for (let number = 0; number < Number(count); number++) {
  const messages = [{ topic, key: `key-${number}`, value: `value-${number}` }];
  await producer.send({ messages, acks: -1 });
}
await producer.close();

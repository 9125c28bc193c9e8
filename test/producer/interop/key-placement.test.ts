import { useKafka, withTopic } from '../../../src/broker/index';
import type { CourseKafka } from '../../../src/broker/index';
import { readLog } from '../../../src/network/log-reader';
import { KafkaProducer, StringSerializer } from '../../../src/producer/index';
import { KEY_SEPARATOR, produceWithJava } from './support/independent-clients';

/** Prime, so that a hash that differs in any way shows in the remainder. */
const PARTITIONS = 13;
const KEYS = 10_000;

const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyz0123456789-_.:',
  'äöüßéèçñøåαβγδжщъыאבגदकखกขค',
  '日本語漢字文化東京大阪한국어',
  '🙂🚀👩‍🔬🇪🇺𝒳𐍈',
  // Whatever a line of text can carry.
  Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('') +
    '\u007f\u0080\u00ff\ufeff\uffff',
].map((letters) => [...letters].filter((letter) => !['\n', '\r', KEY_SEPARATOR].includes(letter)));

/** All different; the empty one first, then lengths 1 to 60 of every alphabet, some 3000 letters long. */
function makeKeys(): string[] {
  const keys = new Set(['']);
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let at = 0; keys.size < KEYS; at++) {
    const letters = ALPHABETS[at % ALPHABETS.length]!;
    const length = at % 500 === 0 ? 3000 : 1 + below(60);
    keys.add(Array.from({ length }, () => letters[below(letters.length)]!).join(''));
  }
  return [...keys];
}

/** Numbers of the keys by partition; values are the numbers of the keys. */
async function placesIn(kafka: CourseKafka, topic: string): Promise<number[]> {
  const places: number[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (const { value } of await readLog(kafka, { topic, partition }))
      places[Number(String(value))] = partition;
  }
  return places;
}

describe('The partition of a key', () => {
  it(`is the one that Java's producer chooses, for ${KEYS} keys`, async () => {
    const keys = makeKeys();
    const kafka = await useKafka();
    try {
      const javas = await withTopic(kafka, { name: 'keys-java', partitions: PARTITIONS }, async (topic) => {
        await produceWithJava(
          { ...kafka, topic },
          keys.map((key, at) => ({ key, value: String(at) })),
        );
        return placesIn(kafka, topic);
      });
      const ours = await withTopic(kafka, { name: 'keys-ours', partitions: PARTITIONS }, async (topic) => {
        const serializer = new StringSerializer();
        const producer = new KafkaProducer<string, string>(
          { 'bootstrap.servers': kafka.bootstrapServers },
          { keySerializer: serializer, valueSerializer: serializer, connection: kafka.connection },
        );
        for (const [at, key] of keys.entries()) await producer.send({ topic, key, value: String(at) });
        await producer.close();
        return placesIn(kafka, topic);
      });
      expect(javas).toHaveLength(KEYS);
      expect(new Set(javas).size).toBe(PARTITIONS);
      const elsewhere = keys.filter((_, at) => ours[at] !== javas[at]);
      expect(elsewhere).toEqual([]);
    } finally {
      await kafka.stop();
    }
  });
});

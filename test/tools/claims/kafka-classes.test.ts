import { ensureJars } from '../../../src/broker/embedded/jars';
import { KafkaClasses } from '../../../src/tools/claims/kafka-classes';

let classes: KafkaClasses;
beforeAll(async () => {
  classes = new KafkaClasses(await ensureJars('broker'));
}, 300_000);

test.each([
  'BufferPool#allocate',
  'org.apache.kafka.clients.producer.internals.BufferPool#allocate',
  'BufferPool',
  'BufferPool#poolableSize',
  'ProducerStateEntry#NUM_BATCHES_TO_RETAIN=5',
  'DefaultRecordBatch#PRODUCER_ID_LENGTH=8',
  'TransactionLogConfig#PRODUCER_ID_EXPIRATION_MS_DEFAULT=86400000',
  'no Partitioner#onNewBatch',
  'no DefaultPartitioner',
  'TopicConfig#MIN_IN_SYNC_REPLICAS_CONFIG=min.insync.replicas',
])('%s is in the pinned Kafka', (citation) => {
  expect(classes.complaintAbout(citation)).toBeNull();
});

test('a member is found in the superclass that has it', () => {
  expect(classes.complaintAbout('BufferExhaustedException#getMessage')).toMatch(/no member getMessage/);
  expect(classes.complaintAbout('ProducerConfig#originals')).toBeNull();
});

test.each([
  ['BufferPool#overtake', /BufferPool has no member overtake/],
  ['BufferPuddle#allocate', /no class BufferPuddle/],
  ['ProducerStateEntry#NUM_BATCHES_TO_RETAIN=6', /NUM_BATCHES_TO_RETAIN is 5, not 6/],
  ['BufferPool#allocate=6', /allocate is no constant, not 6/],
  ['Utils#murmur2', /several classes are called Utils/],
  ['no BufferPool#allocate', /Kafka has BufferPool#allocate, and the claim says that it has not/],
  ['no Utils#murmur2', /says that it has not/],
  ['what?', /not of the form Class#member/],
])('%s is a complaint', (citation, complaint) => {
  expect(classes.complaintAbout(citation)).toMatch(complaint);
});

import type * as kafkajs from 'kafkajs';
import type * as platformatic from '@platformatic/kafka';

/** What the installed clients take, by where they take it: the settings table is held against these types. */
export interface KafkaJs {
  client: kafkajs.KafkaConfig;
  producer: kafkajs.ProducerConfig;
  send: kafkajs.ProducerRecord;
}

export interface Platformatic {
  producer: platformatic.ProducerOptions<Buffer, Buffer, Buffer, Buffer>;
  stream: platformatic.ProducerStreamOptions<Buffer, Buffer, Buffer, Buffer>;
}

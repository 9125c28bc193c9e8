/** In place of the network client over kafkajs: the playground hands the producer a simulated one. */
export class KafkaJsNetworkClient {
  constructor() {
    throw new Error('A page cannot connect to a broker: give the producer a simulated network.');
  }
}

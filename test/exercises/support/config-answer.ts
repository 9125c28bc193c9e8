import { WrongAnswer } from '../../../src/course/grading/wrong-answer';
import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig, ResolvedConfigValues } from '../../../src/producer/index';
import { explainProducerConfig } from '../../../src/producer/producer-config';
import type { PlainConfig } from '../probes/support/plain-config';

/** Takes no part in the answer, and has no default. */
const NOWHERE = { 'bootstrap.servers': '127.0.0.1:9092' };

export interface ConfigAnswer {
  /** As the learner wrote it, without bootstrap.servers. */
  readonly config: ProducerConfig;
  /** What is in force with it; acks is '-1', '0' or '1'. */
  readonly values: ResolvedConfigValues;
  readonly explicit: ReadonlySet<string>;
}

/** An answer that is a producer config, by Kafka's own rules. What the producer would refuse is a wrong answer. */
export function configAnswer(answer: PlainConfig, { readOn }: { readOn: string }): ConfigAnswer {
  if ('instead' in answer) {
    throw new WrongAnswer({
      seen: `the answer is ${answer.instead}`,
      expected: "an object with Kafka's names, such as { 'linger.ms': 20 }",
      readOn,
    });
  }
  const config: Record<string, unknown> = {};
  for (const setting of answer.settings) {
    if ('shown' in setting) {
      throw new WrongAnswer({
        seen: `${setting.name} is ${setting.shown}`,
        expected: 'a text, a number, or true or false',
        readOn,
      });
    }
    if (setting.name !== 'bootstrap.servers') config[setting.name] = setting.value;
  }
  try {
    const { values, explicit } = explainProducerConfig({ ...config, ...NOWHERE });
    return { config, values, explicit };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new WrongAnswer({
      seen: `the producer refuses this config: ${error.message}`,
      expected: 'a config that it takes',
      readOn,
    });
  }
}

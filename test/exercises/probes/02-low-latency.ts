import { plainConfig } from './support/plain-config';
import type { PlainConfig } from './support/plain-config';

/** The answer as data: the load is carried elsewhere, by a producer that the answer cannot touch. */
export function readConfig(answer: { readonly lowLatency: unknown }): PlainConfig {
  return plainConfig(answer.lowLatency);
}

import { plainConfig } from './support/plain-config';
import type { PlainConfig } from './support/plain-config';

/** The answer as data: the orders are sent elsewhere, by a producer that the answer cannot touch. */
export function readConfig(answer: { readonly maxReliability: unknown }): PlainConfig {
  return plainConfig(answer.maxReliability);
}

import { ConfigError } from '../../../src/producer/index';
import type { ProducerConfig } from '../../../src/producer/index';

interface Answer {
  readonly resolveIdempotence: (config: ProducerConfig) => object;
}

export type Resolution =
  | {
      readonly enableIdempotence: unknown;
      readonly acks: unknown;
      readonly retries: unknown;
      readonly maxInFlight: unknown;
    }
  | { readonly error: string; readonly message: string; readonly isConfigError: boolean }
  | { readonly returned: string };

/** What the answer makes of each config: the four values, or the error. */
export function resolve(answer: Answer, configs: readonly ProducerConfig[]): Resolution[] {
  return configs.map((config): Resolution => {
    try {
      const resolved: unknown = answer.resolveIdempotence({ ...config });
      if (typeof resolved !== 'object' || resolved === null) return { returned: String(resolved) };
      const { enableIdempotence, acks, retries, maxInFlight } = resolved as Record<string, unknown>;
      return {
        enableIdempotence: plain(enableIdempotence),
        acks: plain(acks),
        retries: plain(retries),
        maxInFlight: plain(maxInFlight),
      };
    } catch (error) {
      if (!(error instanceof Error) || error.message === 'not started yet') throw error;
      return { error: error.name, message: error.message, isConfigError: error instanceof ConfigError };
    }
  });
}

/** Only what can be sent to another process. */
function plain(value: unknown): unknown {
  return ['boolean', 'number', 'string', 'undefined'].includes(typeof value) ? value : typeof value;
}

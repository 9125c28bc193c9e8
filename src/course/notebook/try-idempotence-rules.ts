import { ConfigError, type ProducerConfig } from '../../producer/index';
import { asWritten, settledConfig } from './settled-config';
import { table } from './table';
import { tryAnswer } from './try-answer';

type Resolve = (config: ProducerConfig) => {
  readonly enableIdempotence: boolean;
  readonly acks: string;
  readonly retries: number;
  readonly maxInFlight: number;
};

const IN_FLIGHT = 'max.in.flight.requests.per.connection';
const CONFIGS: readonly ProducerConfig[] = [
  {},
  { acks: '1' },
  { acks: '1', 'enable.idempotence': true },
  { retries: 0 },
  { 'enable.idempotence': false, acks: '0' },
  { [IN_FLIGHT]: 6 },
  { [IN_FLIGHT]: 6, acks: '1' },
  { [IN_FLIGHT]: 6, 'enable.idempotence': false },
];

/** Asks a learner's rules about eight configs and shows their results beside those of this producer. Grades nothing. */
export function tryIdempotenceRules(resolveIdempotence: Resolve): Promise<void> {
  return tryAnswer('12-idempotence-rules', () => {
    const rows = CONFIGS.map((config) => {
      const right = answerOf(kafkas, config);
      const yours = answerOf(resolveIdempotence, config);
      const settings = Object.entries(config).map(([name, value]) => `${name}=${value}`);
      return {
        config: settings.join(', ') || 'nothing is set',
        'idempotence, acks, retries, in flight': right,
        yours: yours === right ? '✓ the same' : `✗ ${yours}`,
      };
    });
    const agreed = rows.filter(({ yours }) => yours.startsWith('✓')).length;
    console.log(`Your rules agree with Kafka's on ${agreed} of ${rows.length} configs.`);
    table(rows);
  });
}

function kafkas(config: ProducerConfig): ReturnType<Resolve> {
  const resolved = settledConfig(config);
  return {
    enableIdempotence: resolved['enable.idempotence'] as boolean,
    acks: asWritten(resolved.acks),
    retries: resolved.retries as number,
    maxInFlight: resolved[IN_FLIGHT] as number,
  };
}

function answerOf(resolve: Resolve, config: ProducerConfig): string {
  try {
    const { enableIdempotence, acks, retries, maxInFlight } = resolve({ ...config });
    return [enableIdempotence ? 'on' : 'off', acks, retries, maxInFlight].map(String).join(', ');
  } catch (error) {
    if (error instanceof ConfigError) return 'ConfigError';
    throw error;
  }
}

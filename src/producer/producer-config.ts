import { parseBootstrapServers } from '../network/connection-options';
import { nearestName } from '../support/nearest-name';
import { parseConfigValue, show } from './config-definition';
import type { ConfigDefinition } from './config-definition';
import { ConfigError } from '../protocol/errors';
import type { ProducerConfig, ResolvedConfigValues } from './producer-config-values';
import { OTHER_PRODUCER_CONFIGS, PRODUCER_CONFIGS } from './producer-configs';
import { OTHER_SECURITY_CONFIGS } from './security-configs';

export type { ProducerConfig, ResolvedConfigValues } from './producer-config-values';

const DEFINITIONS: ReadonlyMap<string, ConfigDefinition> = new Map(
  Object.entries({ ...PRODUCER_CONFIGS, ...OTHER_PRODUCER_CONFIGS, ...OTHER_SECURITY_CONFIGS }),
);

const MAX_INT = 2147483647;
/** The broker remembers the last five batches of a producer id: a sixth in flight could no longer be told from a duplicate. */
const MAX_IN_FLIGHT_OF_IDEMPOTENT = 5;

let producersOfThisProcess = 0;

export interface ProducerConfigReport {
  /** Every name of Kafka 4.4 with the value in force. acks is '-1', '0' or '1', as Java resolves it. */
  readonly values: ResolvedConfigValues;
  /** The names that the user set, whatever the value: for Kafka "explicit" is presence (C-11). */
  readonly explicit: ReadonlySet<string>;
  /** One sentence for each thing that is not as the user may think. */
  readonly warnings: readonly string[];
}

/**
 * The config in force: Kafka 4.4's defaults, types, limits and rules. Warnings go to `process.emitWarning`. Throws a
 * ConfigError that names the key, the value and what is allowed; also for an unknown name, of which Java only warns (C-24).
 */
export function resolveProducerConfig(config: ProducerConfig): ResolvedConfigValues {
  const { values, warnings } = explainProducerConfig(config);
  for (const warning of warnings) process.emitWarning(warning, 'ProducerConfigWarning');
  return values;
}

/** The same without side effects but one: a producer without a client.id takes the next number. */
export function explainProducerConfig(config: ProducerConfig): ProducerConfigReport {
  if (config === null || typeof config !== 'object') {
    throw new ConfigError(`A producer config is an object with Kafka's names, not ${show(config)}.`);
  }
  const given = config as Readonly<Record<string, unknown>>;
  const explicit = new Set(Object.keys(given));
  for (const name of explicit) if (!DEFINITIONS.has(name)) throw unknownName(name);

  const warnings: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, definition] of DEFINITIONS) {
    values[name] = valueOf(name, definition, given[name]);
    if (given[name] !== undefined) noteDifference(name, definition, values[name], warnings);
  }
  checkBootstrapServers(values);
  resolveIdempotence(values, explicit);
  checkTransactions(values, explicit);
  resolveDeliveryTimeout(values, explicit, warnings);
  values['client.id'] = clientId(values);
  return { values, explicit, warnings };
}

function valueOf(name: string, definition: ConfigDefinition, given: unknown): unknown {
  if (given !== undefined) return parseConfigValue(name, given, definition);
  if (definition.defaultValue === undefined) {
    throw new ConfigError(`${name} is missing: ${definition.unsupported ?? 'it has no default'}.`);
  }
  return definition.defaultValue;
}

function noteDifference(
  name: string,
  definition: ConfigDefinition,
  value: unknown,
  warnings: string[],
): void {
  const { defaultValue, unsupported, noEffect } = definition;
  if (JSON.stringify(value) === JSON.stringify(defaultValue)) return;
  if (unsupported !== undefined)
    throw new ConfigError(`${name} cannot be ${show(value)} here: ${unsupported}.`);
  if (noEffect !== undefined) warnings.push(`${name} is ${show(value)}, which changes nothing: ${noEffect}.`);
}

function unknownName(name: string): ConfigError {
  const meant = nearestName(name, DEFINITIONS.keys());
  const hint =
    meant === null ? "use the names of Kafka's producer, such as linger.ms" : `did you mean ${meant}?`;
  return new ConfigError(`There is no producer config ${name}: ${hint}${meant === null ? '.' : ''}`);
}

function checkBootstrapServers(values: ResolvedConfigValues): void {
  const servers = (values['bootstrap.servers'] as string[]).join(',');
  try {
    parseBootstrapServers(servers);
  } catch (cause) {
    throw new ConfigError(`bootstrap.servers is ${show(servers)}: ${(cause as Error).message}.`, { cause });
  }
}

/** Rows C-01 to C-08. The limit on requests in flight is looked at first, as Kafka 4.4 does. */
function resolveIdempotence(values: Record<string, unknown>, explicit: ReadonlySet<string>): void {
  if (values['acks'] === 'all') values['acks'] = '-1';
  if (values['enable.idempotence'] !== true) return;

  const inFlight = values['max.in.flight.requests.per.connection'] as number;
  if (inFlight > MAX_IN_FLIGHT_OF_IDEMPOTENT) {
    throw new ConfigError(
      `max.in.flight.requests.per.connection is ${inFlight}, but must be at most ${MAX_IN_FLIGHT_OF_IDEMPOTENT} for an idempotent producer: lower it, or set enable.idempotence to false.`,
    );
  }
  const conflicts = [
    ...(values['acks'] === '-1' ? [] : [`acks is ${show(values['acks'])}, but must be 'all'`]),
    ...(values['retries'] === 0 ? ['retries is 0, but must be at least 1'] : []),
  ];
  if (conflicts.length === 0) return;
  if (explicit.has('enable.idempotence')) {
    throw new ConfigError(`${conflicts[0]} for a producer with enable.idempotence=true.`);
  }
  values['enable.idempotence'] = false;
  // Java logs this at level info, and most people never see it: the course says it in a notebook, not at every start.
}

/** Rows C-09, C-10 and C-26: after idempotence, since acks and retries may have switched that off. */
function checkTransactions(values: ResolvedConfigValues, explicit: ReadonlySet<string>): void {
  if (
    explicit.has('transactional.id') &&
    values['transactional.id'] !== null &&
    values['enable.idempotence'] !== true
  ) {
    throw new ConfigError(
      `transactional.id is ${show(values['transactional.id'])}, but needs an idempotent producer, which acks, retries or enable.idempotence switched off.`,
    );
  }
}

/** Rows C-12 to C-15. */
function resolveDeliveryTimeout(
  values: Record<string, unknown>,
  explicit: ReadonlySet<string>,
  warnings: string[],
): void {
  const lingerMs = values['linger.ms'] as number;
  const requestTimeoutMs = values['request.timeout.ms'] as number;
  const deliveryTimeoutMs = values['delivery.timeout.ms'] as number;
  const neededMs = Math.min(lingerMs + requestTimeoutMs, MAX_INT);
  if (deliveryTimeoutMs >= neededMs) return;
  if (explicit.has('delivery.timeout.ms')) {
    throw new ConfigError(
      `delivery.timeout.ms is ${deliveryTimeoutMs}, but must be at least linger.ms + request.timeout.ms = ${lingerMs} + ${requestTimeoutMs}.`,
    );
  }
  values['delivery.timeout.ms'] = neededMs;
  warnings.push(
    `delivery.timeout.ms was raised from ${deliveryTimeoutMs} to ${neededMs}: it must be at least linger.ms + request.timeout.ms.`,
  );
}

/** Row C-23. */
function clientId(values: ResolvedConfigValues): string {
  const own = values['client.id'] as string;
  if (own !== '') return own;
  const transactionalId = values['transactional.id'] as string | null;
  return `producer-${transactionalId ?? ++producersOfThisProcess}`;
}

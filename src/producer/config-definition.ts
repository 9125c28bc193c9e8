import { ConfigError } from '../protocol/errors';

/** Java's ConfigDef.Type. Numbers also come as text, as from a properties file. */
export type ConfigType =
  'boolean' | 'class' | 'double' | 'int' | 'list' | 'long' | 'password' | 'short' | 'string';

export interface AllowedValues {
  /** "a whole number from 0 on": what follows "must be". */
  readonly description: string;
  readonly holds: (value: unknown) => boolean;
}

/** One row of Kafka's table of producer configs. */
export interface ConfigDefinition {
  readonly type: ConfigType;
  /** Left out when the name has to be given. */
  readonly defaultValue?: unknown;
  readonly allowed?: AllowedValues;
  /** Why another value than the default changes nothing here. The producer warns of it. */
  readonly noEffect?: string;
  /** Why another value than the default is refused here, and what to use instead. */
  readonly unsupported?: string;
}

const INTEGER_LIMITS: Partial<Record<ConfigType, readonly [number, number]>> = {
  short: [-32768, 32767],
  int: [-2147483648, 2147483647],
  long: [-(2 ** 63), 2 ** 63],
};

const TYPE_DESCRIPTIONS: Readonly<Record<ConfigType, string>> = {
  boolean: 'true or false',
  class: 'a class',
  double: 'a number',
  int: 'a whole number of at most 2147483647',
  list: 'a list, or a string with commas',
  long: 'a whole number',
  password: 'a string',
  short: 'a whole number of at most 32767',
  string: 'a string',
};

export function atLeast(min: number): AllowedValues {
  return { description: `a whole number from ${min} on`, holds: (value) => (value as number) >= min };
}

export function between(min: number, max: number): AllowedValues {
  return {
    description: `from ${min} to ${max}`,
    holds: (value) => (value as number) >= min && (value as number) <= max,
  };
}

export function betweenOr(min: number, max: number, other: number): AllowedValues {
  const range = between(min, max);
  return {
    description: `${other}, or ${range.description}`,
    holds: (value) => value === other || range.holds(value),
  };
}

/** Case-sensitive, as Kafka's ValidString. */
export function oneOf(...values: readonly string[]): AllowedValues {
  return {
    description: `one of ${values.map(quote).join(', ')}`,
    holds: (value) => values.includes(value as string),
  };
}

export function oneOfIgnoringCase(...values: readonly string[]): AllowedValues {
  const upper = values.map((value) => value.toUpperCase());
  return {
    description: `one of ${values.map(quote).join(', ')}`,
    holds: (value) => upper.includes((value as string).toUpperCase()),
  };
}

export const notEmpty: AllowedValues = {
  description: 'not empty',
  holds: (value) => value === null || (value as string | unknown[]).length > 0,
};

/** The value in its type and range, or a ConfigError that names the key, the value and what is allowed. */
export function parseConfigValue(name: string, value: unknown, definition: ConfigDefinition): unknown {
  const { type, defaultValue, allowed } = definition;
  if (value === null && defaultValue === null) return null;
  const parsed = parseAs(type, value);
  const isAllowed = parsed !== undefined && (allowed === undefined || allowed.holds(parsed));
  if (!isAllowed) throw new ConfigError(`${name} is ${show(value)}, but must be ${describe(definition)}.`);
  return parsed;
}

function describe({ type, allowed }: ConfigDefinition): string {
  if (allowed === undefined) return TYPE_DESCRIPTIONS[type];
  if (type === 'string' || type === 'list') return allowed.description;
  // "a whole number from 0 on" says the type itself, and leaves out only where an int ends.
  if (allowed.description.startsWith('a whole number')) {
    return type === 'int' ? `${allowed.description}, and at most 2147483647` : allowed.description;
  }
  return `a whole number: ${allowed.description}`;
}

/** undefined: not of this type. */
function parseAs(type: ConfigType, value: unknown): unknown {
  switch (type) {
    case 'boolean':
      return parseBoolean(value);
    case 'short':
    case 'int':
    case 'long':
      return parseInteger(value, INTEGER_LIMITS[type]!);
    case 'double':
      return parseDouble(value);
    case 'list':
      return parseList(value);
    case 'class':
      return typeof value === 'string' || typeof value === 'function' ? value : undefined;
    case 'string':
    case 'password':
      return typeof value === 'string' ? value : undefined;
  }
}

function parseBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

function parseInteger(value: unknown, [min, max]: readonly [number, number]): number | undefined {
  const isText = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value);
  if (!isText && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const parsed = Number(value);
  return Number.isInteger(parsed) && parsed >= min && parsed <= max ? parsed : undefined;
}

function parseDouble(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}

function parseList(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (typeof value !== 'string') return undefined;
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'function') return `the class ${value.name}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function quote(value: string): string {
  return `'${value}'`;
}

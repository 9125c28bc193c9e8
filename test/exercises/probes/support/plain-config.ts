import { inspect } from 'node:util';

/** What an answer set for one name: data that a grader can hand to a producer, or something else, in words. */
export type PlainSetting =
  | { readonly name: string; readonly value: string | number | boolean | null }
  | { readonly name: string; readonly shown: string };

/** The settings of an answer that is a config, or what it is instead. A name that is set to undefined is left out. */
export type PlainConfig = { readonly settings: readonly PlainSetting[] } | { readonly instead: string };

export function plainConfig(config: unknown): PlainConfig {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    return { instead: inspect(config) };
  const settings = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: [string, unknown]): PlainSetting => {
      if (typeof value === 'string' || typeof value === 'boolean' || value === null) return { name, value };
      // Infinity and NaN would not survive the way to the grader.
      if (typeof value === 'number' && Number.isFinite(value)) return { name, value };
      return { name, shown: inspect(value) };
    });
  return { settings };
}

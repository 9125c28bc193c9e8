import { INITIAL_SETTINGS, changedSettings, settingOf, valueFor } from '../run/playground-settings';
import type { PlaygroundSettings, SettingValue } from '../run/playground-settings';
import { SCENARIOS } from '../run/scenarios';
import type { Selection } from './selection';

export const FREE_PLAY = 'free';

/** What the address of the page says: everything that is needed to see the same. */
export interface Address {
  /** Of a scenario, or FREE_PLAY. */
  readonly scenario: string;
  readonly settings: PlaygroundSettings;
  readonly position: number | null;
  readonly selection: Selection;
  readonly fork: { readonly atMs: number; readonly change: PlaygroundSettings } | null;
}

export function settingsOf(scenario: string): PlaygroundSettings {
  return SCENARIOS.find(({ id }) => id === scenario)?.settings ?? INITIAL_SETTINGS;
}

/** Reads the part behind the #. What makes no sense is left out, and told in a sentence. */
export function readAddress(hash: string): {
  readonly address: Address;
  readonly complaints: readonly string[];
} {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const complaints: string[] = [];
  let scenario = fields.get('scenario') ?? SCENARIOS[0]!.id;
  if (scenario !== FREE_PLAY && !SCENARIOS.some(({ id }) => id === scenario)) {
    complaints.push(
      `The address names a scenario ${JSON.stringify(scenario)}, which does not exist. This is the first one.`,
    );
    scenario = SCENARIOS[0]!.id;
  }
  const settings = { ...settingsOf(scenario), ...readSettings(fields.get('set') ?? '', complaints) };
  const forked = fields.get('fork');
  const atMs = Number(fields.get('fork-at') ?? '0');
  return {
    address: {
      scenario,
      settings,
      position: wholeNumber('moment', fields, complaints),
      selection: selectionOf(fields, complaints),
      fork:
        forked === null
          ? null
          : { atMs: Number.isFinite(atMs) ? atMs : 0, change: readSettings(forked, complaints) },
    },
    complaints,
  };
}

export function writeAddress({ scenario, settings, position, selection, fork }: Address): string {
  const fields = new URLSearchParams({ scenario });
  const own = changedFrom(settings, settingsOf(scenario));
  if (Object.keys(own).length > 0) fields.set('set', writeSettings(own));
  if (position !== null && position > 0) fields.set('moment', String(position));
  if (selection !== null)
    fields.set(selection.kind, String(selection.kind === 'record' ? selection.record : selection.batch));
  if (fork !== null) {
    fields.set('fork', writeSettings(fork.change));
    fields.set('fork-at', String(fork.atMs));
  }
  return `#${fields.toString()}`;
}

function changedFrom(settings: PlaygroundSettings, base: PlaygroundSettings): Record<string, SettingValue> {
  const own = Object.entries(settings).filter(([name, value]) => value !== base[name]);
  return Object.fromEntries(own);
}

export function writeSettings(settings: PlaygroundSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}:${value}`)
    .join(',');
}

function readSettings(text: string, complaints: string[]): Record<string, SettingValue> {
  const settings: Record<string, SettingValue> = {};
  for (const part of text.split(',').filter((one) => one !== '')) {
    const at = part.indexOf(':');
    const name = part.slice(0, Math.max(0, at));
    const setting = settingOf(name);
    const value = setting === undefined ? null : valueFor(setting, part.slice(at + 1));
    if (value === null)
      complaints.push(`The address sets ${JSON.stringify(part)}, which is not possible; it is left out.`);
    else settings[name] = value;
  }
  return settings;
}

function wholeNumber(name: string, fields: URLSearchParams, complaints: string[]): number | null {
  const text = fields.get(name);
  if (text === null) return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  complaints.push(
    `The address has ${name}=${JSON.stringify(text)}, which is not a whole number; it is left out.`,
  );
  return null;
}

function selectionOf(fields: URLSearchParams, complaints: string[]): Selection {
  const record = wholeNumber('record', fields, complaints);
  if (record !== null) return { kind: 'record', record };
  const batch = wholeNumber('batch', fields, complaints);
  return batch === null ? null : { kind: 'batch', batch };
}

/** "linger.ms 20, acks 1": what a settings object has beside the defaults, in words. */
export function describeSettings(settings: PlaygroundSettings): string {
  const changed = Object.entries(changedSettings(settings)).map(
    ([name, value]) => `${settingOf(name)!.label} ${value}`,
  );
  return changed.length === 0 ? 'defaults' : changed.join(', ');
}
